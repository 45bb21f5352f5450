import { removePayload, type RemovalStep } from '../index.js';

export interface RemoveRequest {
  readonly stateRoot: string;
  readonly contentKey: string;
  readonly step: RemovalStep;
}

/** Removes a payload and kills this process without any warning when a step is done. */
export async function removeAndDie({ stateRoot, contentKey, step }: RemoveRequest): Promise<void> {
  await removePayload({
    stateRoot,
    contentKey,
    memory: null,
    onStep: (done) => {
      if (done === step) process.kill(process.pid, 'SIGKILL');
    },
  });
}
