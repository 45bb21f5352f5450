import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobOutcome } from '@pikaci/model';
import { runLeasesDirectory } from '@pikaci/paths';
import { currentOwner, ownLeaseName, takeRunLease } from '@pikaci/store';
import { deferred, FakeRuntime } from '@pikaci/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { watchClosing } from './closing-watch.js';
import { recover } from './recover.js';

let stateRoot = '';
beforeEach(() => {
  stateRoot = mkdtempSync(join(tmpdir(), 'pikaci-leases-'));
});
afterEach(() => rmSync(stateRoot, { recursive: true }));

const runIds = ['20260301T000001Z-aaaa0001', '20260302T000001Z-aaaa0002'] as const;
const left = () => readdirSync(runLeasesDirectory(stateRoot));
const dead = () => ({ ...currentOwner(), pid: spawnSync(process.execPath, ['-e', '']).pid });

describe('the lease of a run whose process is gone', () => {
  it('stays until its server could be looked at, while those without a server go', async () => {
    const socket = join(stateRoot, 'no-server');
    await takeRunLease(stateRoot, runIds[0], [{ runtime: 'incus', socket, project: 'p' }], dead());
    await takeRunLease(stateRoot, runIds[1], [], dead());
    const first = await recover({ io: capturedIo() }, stateRoot);
    expect(first.problems).toHaveLength(1);
    expect(first.problems[0]).toContain(socket);
    expect(left()).toEqual([`${runIds[0]}.json`]);
    // And the next command looks again.
    expect((await recover({ io: capturedIo() }, stateRoot)).problems).toHaveLength(1);
  });

  it('is left to its process while that lives, and to who goes on with the run', async () => {
    await takeRunLease(stateRoot, runIds[0], []);
    await takeRunLease(stateRoot, runIds[1], [], dead());
    await recover({ io: capturedIo() }, stateRoot, { except: runIds[1] });
    expect(left()).toHaveLength(2);
  });
});

describe('the lease of a run of which something is kept', () => {
  const keptUntil = '2026-03-07T12:00:00.000+00:00';
  const io = (now: string) =>
    capturedIo({ clock: { now: () => new Date(now), monotonicMs: () => performance.now() } });

  it('is no reason to look for anything until its time is over', async () => {
    const places = [
      { runtime: 'incus', socket: join(stateRoot, 'no-server'), project: 'p' },
    ] as const;
    await takeRunLease(stateRoot, runIds[0], places, dead(), keptUntil);
    const before = await recover({ io: io('2026-03-07T11:59:00Z') }, stateRoot);
    expect(before).toEqual({ closed: [], removed: [], problems: [], kept: [] });
    const after = await recover({ io: io('2026-03-07T12:01:00Z') }, stateRoot);
    expect(after.problems).toHaveLength(1);
    expect(left()).toHaveLength(1);
  });

  it('does not stand in the way of others of the run, each of which ends by itself', async () => {
    await takeRunLease(stateRoot, runIds[0], [], dead(), keptUntil);
    await takeRunLease(stateRoot, ownLeaseName(runIds[0]), [], dead());
    await takeRunLease(stateRoot, ownLeaseName(runIds[0]), []);
    expect(left()).toHaveLength(3);
    await recover({ io: io('2026-03-07T11:00:00Z') }, stateRoot);
    expect(left()).toHaveLength(2);
    expect(left()).toContain(`${runIds[0]}.json`);
  });
});

describe('watchClosing', () => {
  it.each([
    ['removed everything', () => Promise.resolve([]), true],
    ['could not remove something', () => Promise.resolve(['instance x']), false],
  ])('tells a runtime that %s when it was closed', async (_, close, clean) => {
    const runtime = new FakeRuntime('process', {
      run: () => deferred<JobOutcome>().promise,
      close,
    });
    const watched = watchClosing(new Map([['process', runtime]]));
    expect(watched.isClean()).toBe(true);
    void watched.runtimes.get('process')?.run({} as never);
    expect(watched.isClean()).toBe(false);
    await watched.runtimes.get('process')?.close();
    expect(watched.isClean()).toBe(clean);
  });
});
