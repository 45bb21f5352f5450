import { createPayloadStore, type PayloadStep } from '../index.js';
import { createPayloadRig, shellBuildRuntimes } from '@pikaci/testkit';

export interface DieRequest {
  readonly stateRoot: string;
  readonly snapshotDir: string;
  /** As configuration would have it. */
  readonly payload: object;
  readonly step: PayloadStep;
}

/** Prepares a payload and kills this process without any warning when a step is done. */
export async function prepareAndDie(request: DieRequest): Promise<void> {
  const { stateRoot, snapshotDir, payload, step } = request;
  const rig = createPayloadRig();
  const onStep = (done: PayloadStep): void => {
    if (done !== step) return;
    rig.remove();
    process.kill(process.pid, 'SIGKILL');
  };
  const store = createPayloadStore({ stateRoot, runtimes: shellBuildRuntimes, onStep });
  const snapshot = { dir: snapshotDir, hash: 'a'.repeat(64), sourceRoot: snapshotDir };
  await store.prepare(rig.request(payload, { snapshot }));
}
