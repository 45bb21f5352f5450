import { currentOwner, ownerName } from '@pikaci/host';
import { payloadLeasesDirectory } from '@pikaci/paths';
import { createPayloadRig, prepared, shellBuildRuntimes, type PayloadRig } from '@pikaci/testkit';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPayloadStore } from '../index.js';
import { payloadUsers, takeLease } from './leases.js';

let rig: PayloadRig;
beforeEach(() => {
  rig = createPayloadRig();
});
afterEach(() => rig.remove());

const key = 'a'.repeat(64);
const leases = () => readdirSync(payloadLeasesDirectory(rig.stateRoot));
const open = () => createPayloadStore({ stateRoot: rig.stateRoot, runtimes: shellBuildRuntimes });
const payload = (run: string) => rig.request({ kind: 'command', run, mounts: [] });
const here = { pid: process.pid, onThisHost: true };

async function leaveLease(changes: object): Promise<void> {
  const lease = await takeLease(rig.stateRoot, key);
  const owner = ownerName({ ...(await currentOwner()), ...changes });
  writeFileSync(join(payloadLeasesDirectory(rig.stateRoot), `${key}.${owner}-00000000`), '');
  await lease.release();
}

describe('the leases of payloads', () => {
  it('say who uses a payload from when it was prepared until the store is closed', async () => {
    const [one, two] = [open(), open()];
    const { contentKey } = prepared(await one.prepare(payload('echo > "$PIKACI_OUTPUT/x"')));
    prepared(await two.prepare(payload('echo > "$PIKACI_OUTPUT/x"')));
    expect(await payloadUsers(rig.stateRoot)).toEqual(new Map([[contentKey, [here, here]]]));
    await one.close();
    expect(await payloadUsers(rig.stateRoot)).toEqual(new Map([[contentKey, [here]]]));
    await two.close();
    await two.close();
    expect(leases()).toEqual([]);
  });

  it('end with the failure of what was to be prepared', async () => {
    expect((await open().prepare(payload('exit 1'))).ok).toBe(false);
    expect(leases()).toEqual([]);
  });

  it('count for nothing when their process is gone, and are swept by the next one that ends', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    await leaveLease({ pid, startTicks: '1' });
    expect(leases()).toHaveLength(1);
    expect(await payloadUsers(rig.stateRoot)).toEqual(new Map());
    await open().close();
    expect(leases()).toEqual([]);
  });

  it('count when their process is on another machine, of which nothing can be told', async () => {
    await leaveLease({ host: 'elsewhere', pid: 7 });
    expect(await payloadUsers(rig.stateRoot)).toEqual(
      new Map([[key, [{ pid: 7, onThisHost: false }]]]),
    );
    await open().close();
    expect(leases()).toHaveLength(1);
  });

  it('are no concern of a store that has prepared nothing', async () => {
    await open().close();
    expect(existsSync(rig.stateRoot)).toBe(false);
  });
});
