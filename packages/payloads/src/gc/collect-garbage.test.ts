import { systemClock, type GarbageReport, type PayloadCacheLimits } from '@pikaci/model';
import {
  payloadLayout,
  payloadLeasesDirectory,
  payloadsDirectory,
  removedPayloadsDirectory,
} from '@pikaci/paths';
import {
  createPayloadRig,
  prepared,
  shellBuildRuntimes,
  treeState,
  type PayloadRig,
} from '@pikaci/testkit';
import { currentOwner, ownerName } from '@pikaci/host';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPayloadStore, type OnPayloadStep } from '../index.js';
import { recallRemoved } from '../store/removed-payloads.js';
import { collectGarbage, type GarbageOptions } from './collect-garbage.js';

let rig: PayloadRig;
beforeEach(() => {
  rig = createPayloadRig();
});
afterEach(() => rig.remove());

const none = { maxSizeBytes: null, minFreeBytes: null, maxAgeSeconds: null };
const everything = { ...none, maxSizeBytes: 0 };
const open = (onStep: OnPayloadStep = () => undefined) =>
  createPayloadStore({ stateRoot: rig.stateRoot, runtimes: shellBuildRuntimes, onStep });
const request = (name: string) =>
  rig.request(
    { kind: 'command', run: `echo ${name} > "$PIKACI_OUTPUT/${name}"`, mounts: [] },
    { payloadId: name },
  );
const stored = () => readdirSync(payloadsDirectory(rig.stateRoot)).sort();
const collect = (
  limits: PayloadCacheLimits,
  more: Partial<GarbageOptions> = {},
): Promise<GarbageReport> =>
  collectGarbage({ stateRoot: rig.stateRoot, limits, dryRun: false, clock: systemClock, ...more });

/** A payload that was last used so many seconds ago, and is not in use. */
async function make(name: string, secondsAgo: number): Promise<string> {
  const store = open();
  const { contentKey } = prepared(await store.prepare(request(name)));
  await store.close();
  const time = Date.now() / 1000 - secondsAgo;
  utimesSync(payloadLayout(rig.stateRoot, contentKey).recordFile, time, time);
  return contentKey;
}

describe('a collection of garbage', () => {
  it('removes the least recently used, remembers it, and says what it freed', async () => {
    const old = await make('old', 100);
    const young = await make('young', 1);
    const report = await collect({ ...none, maxSizeBytes: 6 });
    expect(report).toMatchObject({
      removed: [{ contentKey: old, payloadId: 'old', removal: 'too much in the store' }],
      kept: [{ contentKey: young }],
      freedBytes: 4,
      keptBytes: 6,
      failures: [],
    });
    expect(stored()).toEqual([young]);
    const memory = await recallRemoved(rig.stateRoot, old);
    expect(memory).toMatchObject({ payloadId: 'old', reason: 'too much in the store' });
    expect(memory?.keyInputs).toContainEqual({ name: 'kind', value: 'command' });
    await make('old', 0);
    expect(readdirSync(removedPayloadsDirectory(rig.stateRoot))).toEqual([]);
  });

  it('changes nothing in a dry run, and tells the same', async () => {
    await make('one', 100);
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const owner = ownerName({ ...(await currentOwner()), pid: dead, startTicks: '1' });
    const staging = join(payloadsDirectory(rig.stateRoot), `.staging-${owner}-00000000`);
    const lease = join(
      payloadLeasesDirectory(rig.stateRoot),
      `${'a'.repeat(64)}.${owner}-00000000`,
    );
    const lock = join(payloadsDirectory(rig.stateRoot), '.lock-dead');
    mkdirSync(staging);
    writeFileSync(lease, '');
    writeFileSync(
      lock,
      JSON.stringify({
        owner: { ...(await currentOwner()), pid: dead, startTicks: '1' },
        token: 'x',
      }),
    );
    const before = treeState(rig.stateRoot);
    const dry = await collect(everything, { dryRun: true });
    expect(treeState(rig.stateRoot)).toEqual(before);
    expect(dry.leftovers).toEqual({
      stagingDirectories: [staging],
      locks: [lock],
      leases: [lease],
    });
    const wet = await collect(everything);
    const { removed, kept, damaged, leftovers, freedBytes, keptBytes } = dry;
    expect(wet).toMatchObject({ removed, kept, damaged, leftovers, freedBytes, keptBytes });
    expect(stored()).toEqual([]);
    expect(readdirSync(payloadLeasesDirectory(rig.stateRoot))).toEqual([]);
  });

  it('leaves what a live process uses, until that is done with it', async () => {
    const store = open();
    const { contentKey } = prepared(await store.prepare(request('used')));
    const report = await collect(everything);
    expect(report.kept).toMatchObject([{ contentKey, users: [{ pid: process.pid }] }]);
    expect(stored()).toEqual([contentKey]);
    await store.close();
    expect((await collect(everything)).removed).toMatchObject([{ contentKey }]);
    expect(stored()).toEqual([]);
  });

  it('leaves a payload that somebody is about to find', async () => {
    const key = await make('wanted', 1);
    const reports: GarbageReport[] = [];
    const store = open(async (step) => {
      if (step === 'leased') reports.push(await collect(everything));
    });
    expect(prepared(await store.prepare(request('wanted'))).reused).toBe(true);
    expect(reports[0]?.kept).toMatchObject([{ contentKey: key }]);
    await store.close();
  });

  it.each(['locked', 'checked', 'remembered', 'renamed', 'removed'])(
    'gives nobody a payload that is being removed: after "%s" who wants it waits, and then has a whole one',
    async (step) => {
      const key = await make('wanted', 1);
      const store = open();
      let late: ReturnType<typeof store.prepare> | null = null;
      await collect(everything, {
        onStep: async (done) => {
          if (done !== step) return;
          late = store.prepare(request('wanted'));
          await expect.poll(() => rig.log()).toContain('waiting for it');
        },
      });
      // Who came before the look for leases has kept it.
      const payload = prepared(await late!);
      expect(payload.reused).toBe(step === 'locked');
      expect(existsSync(join(payload.storePath, 'wanted'))).toBe(true);
      expect(stored()).toEqual([key]);
      await store.close();
    },
  );

  it('tells what is damaged, and leaves it', async () => {
    const key = await make('one', 1);
    rmSync(payloadLayout(rig.stateRoot, key).recordFile);
    expect(await collect(everything)).toMatchObject({
      removed: [],
      damaged: [{ contentKey: key, reason: expect.stringContaining('ENOENT') as string }],
    });
    expect(stored()).toEqual([key]);
  });

  it('has nothing to do without a store', async () => {
    expect(await collect({ ...none, minFreeBytes: 1e15 })).toMatchObject({ removed: [], kept: [] });
    expect(existsSync(rig.stateRoot)).toBe(false);
  });
});
