import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gcFaultPoints, type FaultPoint } from '@pikaci/model';
import { runLayout, runsDirectory } from '@pikaci/paths';
import { createRunStore } from '@pikaci/store';
import { jobRecordOf, runRecordOf, treeState } from '@pikaci/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { runCli } from '../run-cli.js';
import { bundlePikaci } from './bundle-pikaci.test.helper.js';
import type { FaultAction } from './fault-plan.test.helper.js';
import { hasFired } from './fault-world.test.helper.js';
import { runFaultyPikaci } from './run-faulty-pikaci.test.helper.js';

let programs: string;
let program: string;
beforeAll(async () => {
  programs = mkdtempSync(join(tmpdir(), 'pikaci-faults-'));
  program = await bundlePikaci(programs);
});
afterAll(() => rmSync(programs, { recursive: true, force: true }));

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pikaci-gc-faults-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const stateRoot = () => join(root, '.pikaci');
const runs = () => runsDirectory(stateRoot());
const ids = ['20260301T000001Z-aaaa0001', '20260302T000001Z-aaaa0002'] as const;
const argv = ['gc', '--max-size', '1B'];

/** A run that ended, with a log of its job. */
async function record(runId: string): Promise<void> {
  const run = runRecordOf([jobRecordOf('unit')], { runId });
  const created = await createRunStore({ stateRoot: stateRoot() }).create(run);
  if (created.ok) await created.value.close();
  const { jobsDir } = runLayout(stateRoot(), runId);
  mkdirSync(join(jobsDir, 'unit/artifacts'), { recursive: true });
  writeFileSync(join(jobsDir, 'unit/artifacts/guest.log'), 'all of it\n');
}

/** The files of a run, but for the lock of who removes it and thus the time of its directory; null when it is not there. */
function filesOf(runId: string): readonly string[] | null {
  const { runDir } = runLayout(stateRoot(), runId);
  const isThere = () => existsSync(runDir);
  if (!isThere()) return null;
  try {
    const files = treeState(runDir).filter((line) => !/^\.(adopted\S*)? /u.test(line));
    // It may have gone while it was looked at.
    return isThere() ? files : null;
  } catch (thrown) {
    if (isThere()) throw thrown;
    return null;
  }
}

const world = () => ({
  workspaceRoot: root,
  env: { PATH: process.env['PATH'] ?? '' },
  reachedFile: join(root, 'reached'),
});

const gcWith = (point: FaultPoint, action: FaultAction) =>
  runFaultyPikaci(world(), {
    program,
    argv,
    fault: { point, action, occurrence: 1, code: 'EIO', delayMs: 500 },
  });

async function pikaci(...words: readonly string[]) {
  const io = capturedIo({ cwd: root });
  const code = await runCli(words, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

/** The run that is removed first has still its name when it was only locked, or found to be one that may go. */
const isStillThere = (point: FaultPoint) => point === 'gc.locked' || point === 'gc.checked';

describe.each(gcFaultPoints)('a removal with a fault at %s', (point) => {
  let whole: ReadonlyMap<string, unknown>;
  beforeEach(async () => {
    for (const id of ids) await record(id);
    whole = new Map(ids.map((id) => [id, filesOf(id)]));
  });
  const expectWholeOrNothing = () => {
    for (const id of ids) expect([null, whole.get(id)]).toContainEqual(filesOf(id));
  };

  it.each(['gc', 'sweep'])('is killed, and ended by the next %s', async (next) => {
    expect(await gcWith(point, 'kill')).toMatchObject({ signal: 'SIGKILL' });
    expectWholeOrNothing();
    expect(filesOf(ids[0]) !== null).toBe(isStillThere(point));
    expect(filesOf(ids[1])).toEqual(whole.get(ids[1]));
    const listed = await pikaci('list', '--format', 'tsv');
    expect(listed.stdout.includes(ids[0])).toBe(isStillThere(point));
    expect(listed).toMatchObject({ code: 0, stderr: '' });

    const words = next === 'gc' ? argv : ['sweep'];
    expect(await pikaci(...words)).toMatchObject({ code: 0, stderr: '' });
    expectWholeOrNothing();
    const kept = isStillThere(point) ? ids : ids.slice(1);
    expect(readdirSync(runs()).sort()).toEqual(next === 'gc' ? [] : kept);
  });

  it('is told of an error, and goes on with the other runs', async () => {
    const ended = await gcWith(point, 'error');
    expect(ended).toMatchObject({ exitCode: 3, hung: false });
    expect(hasFired(world())).toBe(true);
    expect(ended.stdout + ended.stderr).toContain('EIO: made by a test, write');
    expect(ended.stdout + ended.stderr).not.toContain('internal error');
    expectWholeOrNothing();
    expect(filesOf(ids[0]) !== null).toBe(isStillThere(point));
    expect(filesOf(ids[1])).toBeNull();
    expect(await pikaci(...argv)).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(runs())).toEqual([]);
  });

  it('takes its time, and nobody finds a part of a run meanwhile, or removes it twice', async () => {
    const slow = gcWith(point, 'delay');
    await vi.waitFor(() => expect(hasFired(world())).toBe(true), { timeout: 30_000, interval: 10 });
    expectWholeOrNothing();
    const [listed, other] = await Promise.all([pikaci('list', '--format', 'tsv'), pikaci(...argv)]);
    expect(listed.code).toBe(0);
    expect(other).toMatchObject({ code: 0, stderr: '' });
    expectWholeOrNothing();
    expect(await slow).toMatchObject({ exitCode: 0, stderr: '' });
    expect(readdirSync(runs())).toEqual([]);
  });
});

it('puts a run back that was pinned before its removal was killed', async () => {
  await record(ids[0]);
  const whole = filesOf(ids[0]);
  await gcWith('gc.renamed', 'kill');
  const [bin = ''] = readdirSync(runs());
  // As somebody does who pins it between the check and the rename.
  writeFileSync(join(runs(), bin, ids[0], 'pinned'), '');
  expect(await pikaci('sweep')).toMatchObject({ code: 0 });
  expect(readFileSync(join(runs(), ids[0], 'pinned'), 'utf8')).toBe('');
  rmSync(join(runs(), ids[0], 'pinned'));
  expect(filesOf(ids[0])).toEqual(whole);
  expect(readdirSync(runs())).toEqual([ids[0]]);
});
