import { createSnapshotStore, type SnapshotStep } from './index.js';

/** Takes a snapshot and kills this process without any warning when a step is done. */
export async function takeAndDie(request: {
  readonly stateRoot: string;
  readonly workspaceRoot: string;
  readonly step: SnapshotStep;
}): Promise<void> {
  const { stateRoot, workspaceRoot, step } = request;
  const onStep = (done: SnapshotStep): void => {
    if (done === step) process.kill(process.pid, 'SIGKILL');
  };
  await createSnapshotStore({ stateRoot, onStep }).take(workspaceRoot);
}
