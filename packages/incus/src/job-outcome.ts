import type { JobOutcome, JobServiceRecord } from '@pikaci/model';
import type { JobMount } from '@pikaci/paths';
import type { RanJob } from './complete-command.js';
import { failed, type JobVerdict } from './job-verdict.js';
import { payloadRecords } from './payload-records.js';
import { writeResultFiles } from './result-files.js';
import type { RunningJob } from './running-job.js';
import type { EndedServices } from './services/start-services.js';

/** A job whose instance, and what else it had, is on its way out. */
export interface ReleasedJob extends RanJob {
  readonly released: Promise<void>;
  /** Until when its instance is kept (RFC 3339); null when it is not. */
  readonly keptUntil: string | null;
  readonly services?: readonly JobServiceRecord[];
}

/**
 * A job with what became of its services. One that failed by itself while the instance of a service was lost may have
 * failed by that.
 */
export function withServices(ran: ReleasedJob, ended: EndedServices): ReleasedJob {
  const { lost } = ended;
  return {
    ...ran,
    verdict: lost !== null && ran.verdict.failure?.kind === 'job' ? failed(lost) : ran.verdict,
    services: ended.records,
    notes: [...ran.notes, ...ended.notes],
    released: Promise.all([ran.released, ended.released]).then(() => undefined),
  };
}

/** The outcome of a job that is over, with the files of the guest contract written. */
export async function jobOutcome(
  running: RunningJob,
  ran: ReleasedJob,
  mounts: readonly JobMount[],
  startedAt: Date,
): Promise<JobOutcome> {
  const { execution, recorder, config, image, instance } = running;
  recorder.end();
  const notes = [...ran.notes, ...(await recordResult(running, ran.verdict, startedAt))];
  return {
    ...outcomeOf(ran.verdict, ran.released),
    services: ran.services ?? [],
    ...(ran.keptUntil === null ? {} : { keptUntil: ran.keptUntil }),
    execution: {
      backend: 'incus',
      incusImage: { project: config.project, ...image },
      phases: [...recorder.phases],
      instance,
      operations: [...recorder.operations],
    },
    payloads: [...payloadRecords(execution, mounts)],
    artifacts: ran.files,
    reports: ran.reports,
    notes,
  };
}

/** The outcome of a job of which there is nothing but a verdict. */
export function outcomeOf(
  { exitCode, message, failure }: JobVerdict,
  released: Promise<void> = Promise.resolve(),
): JobOutcome {
  return {
    verdict: failure === null ? 'passed' : 'failed',
    exitCode,
    message,
    failure,
    execution: null,
    payloads: [],
    artifacts: [],
    reports: [],
    notes: [],
    released,
  };
}

/** Writes the files of the guest contract; the verdict stands whether that succeeds or not. */
async function recordResult(
  running: RunningJob,
  { exitCode, message, failure }: JobVerdict,
  startedAt: Date,
): Promise<readonly string[]> {
  const { artifactsDir } = running.execution.job.hostContext;
  const finishedAt = running.clock.now();
  const passed = failure === null;
  return writeResultFiles(artifactsDir, { passed, exitCode, message, startedAt, finishedAt });
}
