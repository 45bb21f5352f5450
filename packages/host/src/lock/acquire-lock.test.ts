import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireLock, type Lock } from './acquire-lock.js';
import { stageEntry } from './lock-file.js';
import { currentOwner, isOwnerAlive, type Owner } from './owner.js';
import { takeOver } from './take-over.js';

let root = '';
let path = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pikaci-lock-'));
  path = join(root, 'lock');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function taken(options: Parameters<typeof acquireLock>[1] = {}): Promise<Lock> {
  const outcome = await acquireLock(path, options);
  if (!outcome.ok) throw new Error(outcome.error.message);
  return outcome.value;
}

/** An owner of this machine that is certainly gone. */
async function deadOwner(): Promise<Owner> {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  return { ...(await currentOwner()), pid, startTicks: '1' };
}

const leaveLock = (owner: Owner, token = 'dead'): void =>
  writeFileSync(path, JSON.stringify({ owner, token }));

describe('acquireLock', () => {
  it('leaves a lock that names its owner, and nothing after the release', async () => {
    const lock = await taken();
    const { owner } = JSON.parse(readFileSync(path, 'utf8')) as { owner: Owner };
    expect(owner).toEqual(await currentOwner());
    expect(readdirSync(root)).toEqual(['lock']);
    await lock.release();
    expect(await lock.release()).toMatchObject({ ok: true });
    expect(readdirSync(root)).toEqual([]);
  });

  it('waits for the owner, and tells once who it is', async () => {
    const first = await taken();
    const waitedFor: Owner[] = [];
    let release: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (release = resolve));
    const second = taken({
      onWait: (owner) => {
        waitedFor.push(owner);
        release();
      },
    });
    await asked;
    await first.release();
    const lock = await second;
    expect(waitedFor.map((owner) => owner.pid)).toEqual([process.pid]);
    await lock.release();
  });

  it('never has two holders among many callers', async () => {
    leaveLock(await deadOwner());
    let holders = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      const lock = await taken();
      holders += 1;
      most = Math.max(most, holders);
      await new Promise((resolve) => setImmediate(resolve));
      holders -= 1;
      await lock.release();
    };
    await Promise.all(Array.from({ length: 12 }, work));
    expect(most).toBe(1);
    expect(readdirSync(root)).toEqual([]);
  });

  it('takes over the lock of a process that is gone, also when an heir died on the way', async () => {
    const owner = await deadOwner();
    leaveLock(owner, 'first');
    writeFileSync(`${path}.claim-first`, JSON.stringify({ owner, token: 'heir' }));
    const lock = await taken();
    expect(readdirSync(root)).toEqual(['lock']);
    await lock.release();
  });

  it('leaves the lock to a living process that is about to take it over', async () => {
    leaveLock(await deadOwner(), 'first');
    writeFileSync(
      `${path}.claim-first`,
      JSON.stringify({ owner: await currentOwner(), token: 'heir' }),
    );
    const entry = { owner: await currentOwner(), token: 'ours' };
    expect(await takeOver(path, 'first', await stageEntry(path, entry))).toBe(false);
    expect(readFileSync(path, 'utf8')).toContain('"first"');
  });

  it('gives up its claim when the lock has gone to somebody else meanwhile', async () => {
    leaveLock(await currentOwner(), 'second');
    const entry = { owner: await currentOwner(), token: 'ours' };
    const staged = await stageEntry(path, entry);
    expect(await takeOver(path, 'first', staged)).toBe(false);
    expect(readFileSync(path, 'utf8')).toContain('"second"');
    expect(readdirSync(root).filter((name) => name.includes('claim'))).toEqual([]);
  });

  it('stops waiting when it is told to', async () => {
    const lock = await taken();
    const abort = new AbortController();
    const outcome = await acquireLock(path, {
      signal: abort.signal,
      onWait: () => abort.abort(),
    });
    expect(outcome).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
    expect(readdirSync(root)).toEqual(['lock']);
    await lock.release();
  });

  it('leaves a file that is no lock alone', async () => {
    writeFileSync(path, 'something else');
    expect(await acquireLock(path)).toMatchObject({
      ok: false,
      error: { kind: 'infrastructure', location: { file: path } },
    });
    expect(readFileSync(path, 'utf8')).toBe('something else');
  });

  it('fails when the directory is missing', async () => {
    const outcome = await acquireLock(join(root, 'missing/lock'));
    expect(outcome).toMatchObject({ ok: false, error: { kind: 'infrastructure' } });
  });
});

describe('isOwnerAlive', () => {
  it('knows this process', async () => {
    expect(await isOwnerAlive(await currentOwner())).toBe(true);
  });

  it('knows that a process is gone, and that one of an earlier boot is', async () => {
    expect(await isOwnerAlive(await deadOwner())).toBe(false);
    const owner = await currentOwner();
    const bootId = owner.bootId === null ? null : 'another';
    expect(await isOwnerAlive({ ...owner, bootId })).toBe(bootId === null);
  });

  it('tells a later process with the same id', async () => {
    const owner = await currentOwner();
    const known = owner.startTicks != null;
    expect(await isOwnerAlive({ ...owner, startTicks: '0' })).toBe(!known);
  });

  it('takes an owner without a start time by its id', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
    const { pid = 0 } = child;
    expect(await isOwnerAlive({ pid, host: hostname(), bootId: null })).toBe(true);
    child.kill('SIGKILL');
  });

  it('takes owners on other machines for alive', async () => {
    expect(await isOwnerAlive({ pid: 1, host: `not-${hostname()}`, bootId: 'x' })).toBe(true);
  });
});
