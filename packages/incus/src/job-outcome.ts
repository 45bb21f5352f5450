import type { JobOutcome } from '@pikaci/model';
import type { JobMount } from '@pikaci/paths';
import type { RanJob } from './complete-command.js';
import type { InstanceEnd } from './keep-instance.js';
import type { JobVerdict } from './job-verdict.js';
import { payloadRecords } from './payload-records.js';
import { writeResultFiles } from './result-files.js';
import type { RunningJob } from './running-job.js';

/** The outcome of a job that is over, with the files of the guest contract written. */
export async function jobOutcome(
  running: RunningJob,
  ran: RanJob,
  mounts: readonly JobMount[],
  startedAt: Date,
  { released, keptUntil }: Pick<InstanceEnd, 'released' | 'keptUntil'>,
): Promise<JobOutcome> {
  const { execution, recorder, config, image, instance } = running;
  recorder.end();
  const notes = [...ran.notes, ...(await recordResult(running, ran.verdict, startedAt))];
  return {
    ...outcomeOf(ran.verdict, released),
    ...(keptUntil === null ? {} : { keptUntil }),
    execution: {
      backend: 'incus',
      incusImage: { project: config.project, ...image },
      phases: [...recorder.phases],
      instance,
      operations: [...recorder.operations],
    },
    payloads: [...payloadRecords(execution, mounts)],
    artifacts: ran.files,
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
