import { fail, ok, type BuildEnd, type Outcome } from '@pikaci/model';
import { payloadLeasesDirectory, payloadsDirectory } from '@pikaci/paths';
import {
  createPayloadRig,
  prepared,
  shellBuildRuntime,
  shellBuildRuntimes,
  type PayloadRig,
} from '@pikaci/testkit';
import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPayloadStore, treeDigest } from '../index.js';

let rig: PayloadRig;
beforeEach(() => {
  rig = createPayloadRig();
});
afterEach(() => rig.remove());

const ended = (end: Partial<BuildEnd>): Outcome<BuildEnd> =>
  ok({ ending: 'exited', exitCode: null, signal: null, ...end });
const ends: readonly [string, () => Outcome<BuildEnd>, string][] = [
  ['failed', () => ended({ exitCode: 1 }), 'payload'],
  ['was ended by a signal', () => ended({ signal: 'SIGKILL' }), 'payload'],
  ['was cancelled', () => ended({ ending: 'cancelled' }), 'cancelled'],
  ['ran out of time', () => ended({ ending: 'timed-out' }), 'timeout'],
  ['lost its machine', () => fail('infrastructure', 'the machine is gone'), 'infrastructure'],
];

describe('a build that has written output, and then', () => {
  it.each(ends)('%s leaves nothing, and what it depends on as it was', async (_, end, kind) => {
    const shell = shellBuildRuntime();
    const open = (runtimes = shellBuildRuntimes) =>
      createPayloadStore({ stateRoot: rig.stateRoot, runtimes });
    const tools = prepared(
      await open().prepare(
        rig.request({ kind: 'command', run: 'echo tool > "$PIKACI_OUTPUT/t"', mounts: [] }),
      ),
    );
    const digest = await treeDigest(tools.storePath);
    const runtime = shellBuildRuntime({ run: (build) => shell.run(build).then(end) });
    const failing = open(new Map([['process', runtime]]));
    const request = rig.request(
      { kind: 'command', run: 'echo half > "$PIKACI_OUTPUT/x"', mounts: [] },
      { dependencies: [tools] },
    );
    expect(await failing.prepare(request)).toMatchObject({ ok: false, error: { kind } });
    expect(readdirSync(payloadsDirectory(rig.stateRoot))).toEqual([tools.contentKey]);
    expect(await treeDigest(tools.storePath)).toBe(digest);
    await failing.close();
    // The next one starts from nothing, and is not given what the failed one made.
    expect(prepared(await open().prepare(request)).reused).toBe(false);
  });

  it('throws, as a bug does, leaves nothing as well', async () => {
    const runtime = shellBuildRuntime({ run: () => Promise.reject(new TypeError('a bug')) });
    const store = createPayloadStore({
      stateRoot: rig.stateRoot,
      runtimes: new Map([['process', runtime]]),
    });
    const request = rig.request({ kind: 'command', run: 'true', mounts: [] });
    await expect(store.prepare(request)).rejects.toThrow('a bug');
    expect(readdirSync(payloadsDirectory(rig.stateRoot))).toEqual([]);
    expect(readdirSync(payloadLeasesDirectory(rig.stateRoot))).toEqual([]);
  });
});
