import { noMasker, type JobExecution, type PlannedJob } from '@pikaci/model';
import { createProcessRuntime } from './process-runtime.js';

export interface DyingRun {
  readonly runId: string;
  readonly job: PlannedJob;
  readonly namespaces: 'auto' | 'never';
}

/** Runs a job, and kills this very process when the job has printed a line. */
export async function dieWithJob({ runId, job, namespaces }: DyingRun): Promise<void> {
  const never = new AbortController().signal;
  const execution: JobExecution = {
    runId,
    job,
    payloads: [],
    attempt: 1,
    secrets: [],
    masker: noMasker,
    signal: never,
    force: never,
    observer: {
      onOutput: (_, chunk) => {
        if (chunk.includes(0x0a)) process.kill(process.pid, 'SIGKILL');
      },
      onPhase: () => undefined,
      onLog: () => undefined,
    },
  };
  await createProcessRuntime({ namespaces }).run(execution);
}
