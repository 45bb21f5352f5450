import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { currentOwner, ownerName } from '@pikaci/host';
import type { RunRecord } from '@pikaci/model';
import { runsDirectory } from '@pikaci/paths';
import { createRunStore } from '@pikaci/store';
import { jobRecordOf, runRecordOf } from '@pikaci/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { runCli } from '../run-cli.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pikaci-gc-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const stateRoot = () => join(root, '.pikaci');
const stored = () => readdirSync(runsDirectory(stateRoot())).sort();
const now = new Date('2026-03-31T00:00:00Z');

/** A run that ended so many days ago. */
async function record(days: number, different: Partial<RunRecord> = {}): Promise<string> {
  const time = new Date(now.getTime() - days * 86_400_000).toISOString();
  const runId = `${time.replace(/[-:]|\.\d+/g, '')}-aaaa0001`;
  const run = runRecordOf([jobRecordOf('unit')], {
    runId,
    createdAt: time,
    finishedAt: time,
    ...different,
  });
  const created = await createRunStore({ stateRoot: stateRoot() }).create(run);
  if (created.ok) await created.value.close();
  return runId;
}

async function pikaci(...argv: readonly string[]) {
  const clock = { now: () => now, monotonicMs: () => 0 };
  const io = capturedIo({ cwd: root, clock });
  const code = await runCli(argv, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

describe('gc', () => {
  it('keeps the newest runs and the young ones when no limit is given, and says so', async () => {
    const ids = [];
    for (let index = 0; index < 52; index += 1) ids.push(await record(100 - index));
    ids.push(await record(2));
    const dry = await pikaci('gc', '--dry-run');
    expect(dry.code).toBe(0);
    expect(dry.stdout).toContain('49 runs one of the newest 50');
    expect(dry.stdout).toContain('1 run not older than 30 days');
    expect(stored()).toEqual(ids);
    const { stdout } = await pikaci('gc');
    expect(stdout).toMatch(/^removed\n {2}\S+ {2}passed {2}pre-merge .* too old$/m);
    expect(stored()).toEqual(ids.slice(3));
  });

  it('takes limits of age, number and size', async () => {
    const ids = [await record(9), await record(6), await record(3)];
    await pikaci('gc', '--max-age', '7d');
    expect(stored()).toEqual(ids.slice(1));
    await pikaci('gc', '--max-runs', '1');
    expect(stored()).toEqual(ids.slice(2));
    const { stdout } = await pikaci('gc', '--max-size', '1B', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      schema_version: 1,
      limits: { max_size_bytes: 1, max_runs: null },
      removed: [{ run_id: ids[2], removal: 'too much on the disk' }],
      kept: [],
    });
    expect(stored()).toEqual([]);
  });

  it('leaves what resume could go on with, but not for ever', async () => {
    const broken = await record(9, { status: 'failed', failureKind: 'cancelled' });
    const red = await record(8, { status: 'failed', failureKind: 'job' });
    const last = await record(1);
    expect((await pikaci('gc', '--max-runs', '1')).stdout).toContain(`gone on with: ${broken}`);
    expect(stored()).toEqual([broken]);
    expect([red, last].some((id) => stored().includes(id))).toBe(false);
    await pikaci('gc', '--max-age', '7d');
    expect(stored()).toEqual([]);
  });

  it('leaves a pinned run until it is unpinned', async () => {
    const runId = await record(9);
    const pinned = await pikaci('gc', '--pin', 'latest', '--json');
    expect(JSON.parse(pinned.stdout)).toEqual({
      schema_version: 1,
      run_id: runId,
      is_pinned: true,
    });
    expect((await pikaci('show', runId)).stdout).toContain('pinned     npx pikaci gc leaves it');
    await pikaci('gc', '--max-age', '1d');
    expect(stored()).toEqual([runId]);
    expect((await pikaci('gc', '--unpin', runId)).stdout).toContain('is not pinned any more');
    await pikaci('gc', '--max-age', '1d');
    expect(stored()).toEqual([]);
  });

  it('refuses to pin and remove at once, and runs that are none', async () => {
    await record(9);
    expect((await pikaci('gc', '--pin', 'latest', '--max-age', '1d')).code).toBe(2);
    expect((await pikaci('gc', '--pin', '../../etc')).code).toBe(2);
    expect((await pikaci('gc', '--max-runs', '0')).code).toBe(2);
    expect(stored()).toHaveLength(1);
  });

  it.each(['gc', 'sweep'])('has what a killed removal left removed by %s', async (command) => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const owner = ownerName({ ...(await currentOwner()), pid: dead, startTicks: '1' });
    const left = join(runsDirectory(stateRoot()), `.staging-${owner}-00000000`);
    mkdirSync(join(left, '20260301T000001Z-aaaa0001'), { recursive: true });
    const dry = await pikaci(command, '--dry-run');
    expect(dry.stdout).toMatch(/would (be removed|remove what is left of 1 broken off removal)/);
    if (command === 'sweep') expect(dry.stdout).toContain(left);
    expect(existsSync(left)).toBe(true);
    expect((await pikaci(command)).code).toBe(0);
    expect(existsSync(left)).toBe(false);
  });
});
