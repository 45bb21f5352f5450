import { removeRun } from './remove-run.js';
import type { RunRemovalStep } from './removal-steps.js';

export interface RemoveRequest {
  readonly stateRoot: string;
  readonly runId: string;
  readonly endedAt: string;
  readonly step: RunRemovalStep;
}

/** Removes a run and kills this process without any warning when a step is done. */
export async function removeAndDie({ step, ...removal }: RemoveRequest): Promise<void> {
  await removeRun({
    ...removal,
    onStep: (done) => {
      if (done === step) process.kill(process.pid, 'SIGKILL');
    },
  });
}
