import { pinRun } from './pin-run.js';
import { removeRun } from './remove-run.js';
import type { RunRemovalStep } from './removal-steps.js';

export interface RemoveRequest {
  readonly stateRoot: string;
  readonly runId: string;
  readonly endedAt: string;
  readonly step: RunRemovalStep;
  /** Pins it at the last moment. */
  readonly pins?: boolean;
}

/** Removes a run and kills this process without any warning when a step is done. */
export async function removeAndDie({ step, pins, ...removal }: RemoveRequest): Promise<void> {
  await removeRun({
    ...removal,
    onStep: async (done) => {
      if (done === 'checked' && pins === true) await pinRun(removal.stateRoot, removal.runId);
      if (done === step) process.kill(process.pid, 'SIGKILL');
    },
  });
}
