import { createPayloadRig, shellBuildRuntimes } from '@pikaci/testkit';
import { appendFileSync } from 'node:fs';
import { createPayloadStore } from '../index.js';

export interface ChildRequest {
  readonly stateRoot: string;
  readonly snapshotDir: string;
  /** As configuration would have it. */
  readonly payload: object;
  readonly logFile: string;
}

/** Prepares a payload in this process and prints what came of it. */
export async function prepareInChild(request: ChildRequest): Promise<void> {
  const rig = createPayloadRig();
  const { stateRoot, snapshotDir, payload, logFile } = request;
  const store = createPayloadStore({ stateRoot, runtimes: shellBuildRuntimes });
  const outcome = await store.prepare(
    rig.request(payload, {
      snapshot: { dir: snapshotDir, hash: 'a'.repeat(64), sourceRoot: snapshotDir },
      onLog: (chunk) => appendFileSync(logFile, chunk),
    }),
  );
  await store.close();
  rig.remove();
  process.stdout.write(JSON.stringify(outcome));
}
