import { withLostOutput, type JobExecution, type JobOutcome } from '@pikaci/model';
import { failedVerdict, type JobVerdict } from './job-verdict.js';
import { keepJobFiles, noFiles, type JobFiles } from './keep-job-files.js';
import { payloadRecords } from './placed-mounts.js';
import { readyJob } from './ready-job.js';
import { writeResultFiles } from './result-files.js';
import { runJobCommand, type ProcessJobSettings } from './run-job-command.js';
import type { PlacedMount } from './working-tree/working-tree.js';

/** Runs one job from its directories to its record. */
export async function runJob(
  settings: ProcessJobSettings,
  execution: JobExecution,
): Promise<JobOutcome> {
  const startedAt = settings.clock.now();
  tellWhatIsLeftAside(execution);
  const job = await readyJob(execution);
  if (!job.ok) {
    return outcomeOf(execution, [], failedVerdict(job.error), noFiles);
  }
  const ran = await runJobCommand(settings, job.value);
  const files = await keepJobFiles(job.value, ran);
  const lost = { log: ran.logProblem, artifacts: files.problem };
  const verdict = withLostOutput(ran.verdict, lost);
  const span = { startedAt, finishedAt: settings.clock.now() };
  const { artifactsDir } = execution.job.hostContext;
  const written = await writeResultFiles(artifactsDir, verdict, span);
  const notes = [...ran.notes, ...files.notes, ...written];
  const outcome = outcomeOf(execution, job.value.request.mounts, verdict, { ...files, notes });
  return { ...outcome, services: ran.services };
}

function tellWhatIsLeftAside({ job, observer }: JobExecution): void {
  if (job.user !== null) {
    observer.onLog(`user ${job.user} is left aside: a process runs as the user pikaci runs as`);
  }
  const limits = Object.keys(job.limits);
  for (const { name, image } of job.services) {
    if (image !== null)
      observer.onLog(`image ${image} of service ${name} is left aside: it runs here`);
  }
  if (limits.length > 0) {
    observer.onLog(`limits (${limits.join(', ')}) are left aside: only instances have limits`);
  }
}

function outcomeOf(
  execution: JobExecution,
  mounts: readonly PlacedMount[],
  verdict: JobVerdict,
  files: JobFiles,
): JobOutcome {
  return {
    verdict: verdict.failure === null ? 'passed' : 'failed',
    exitCode: verdict.exitCode,
    message: verdict.message,
    failure: verdict.failure,
    execution: null,
    payloads: payloadRecords(execution.payloads, mounts),
    artifacts: files.artifacts,
    reports: files.reports,
    notes: files.notes,
    released: Promise.resolve(),
  };
}
