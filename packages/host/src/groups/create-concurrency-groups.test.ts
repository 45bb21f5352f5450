import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnterGroupRequest } from '@pikaci/model';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createConcurrencyGroups } from './create-concurrency-groups.js';
import { runtimeDirectory } from './runtime-directory.js';

let root = '';
let directory = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pikaci-groups-'));
  directory = join(root, 'run');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const uid = process.getuid?.() ?? null;
const request = (who: string, different: Partial<EnterGroupRequest> = {}): EnterGroupRequest => ({
  group: 'deploy',
  limit: 1,
  who,
  signal: new AbortController().signal,
  onWait: () => undefined,
  ...different,
});

async function entered(who: string, different: Partial<EnterGroupRequest> = {}) {
  const place = await createConcurrencyGroups({ directory, uid, pollMs: 5 }).enter(
    request(who, different),
  );
  if (!place.ok) throw new Error(place.error.message);
  return place.value;
}

const tickets = (group = 'deploy') => readdirSync(join(directory, group));

describe('createConcurrencyGroups', () => {
  it('lets the next one in when the first one leaves, and tells who is inside', async () => {
    const first = await entered('a');
    const told: (readonly string[])[] = [];
    let tell: () => void = () => undefined;
    const waits = new Promise<void>((resolve) => (tell = resolve));
    const second = entered('b', {
      onWait: (inside) => {
        told.push(inside);
        tell();
      },
    });
    await waits;
    await first.leave();
    await first.leave();
    await (await second).leave();
    expect(told).toEqual([['a']]);
    expect(tickets()).toEqual([]);
  });

  it('does not make members of different groups wait for each other', async () => {
    const places = [await entered('a'), await entered('b', { group: 'other' })];
    for (const place of places) await place.leave();
  });

  it('leaves no ticket of one who gives up waiting', async () => {
    const first = await entered('a');
    const giveUp = new AbortController();
    const waiting = createConcurrencyGroups({ directory, uid, pollMs: 5 }).enter(
      request('b', { signal: giveUp.signal, onWait: () => giveUp.abort() }),
    );
    expect(await waiting).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
    expect(tickets()).toHaveLength(1);
    await first.leave();
  });

  it('never has more inside than the limit, and lets them in as they came', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }),
        async (limit, givesUp) => {
          const waiting = new Set<number>();
          let inside = 0;
          const member = async (index: number, arrived: () => void): Promise<void> => {
            const stop = new AbortController();
            const onWait = () => {
              arrived();
              if (givesUp[index] === true) stop.abort();
            };
            waiting.add(index);
            const { signal } = stop;
            const place = await createConcurrencyGroups({ directory, uid, pollMs: 5 }).enter(
              request(String(index), { limit, signal, onWait }),
            );
            waiting.delete(index);
            arrived();
            if (!place.ok) return;
            inside += 1;
            expect(inside).toBeLessThanOrEqual(limit);
            // Those who came before may only be on their way in, next to this one.
            expect([...waiting].filter((other) => other < index).length).toBeLessThan(limit);
            await new Promise((resolve) => setImmediate(resolve));
            inside -= 1;
            await place.value.leave();
          };
          const members: Promise<void>[] = [];
          for (const index of givesUp.keys()) {
            await new Promise<void>((arrived) => members.push(member(index, arrived)));
          }
          await Promise.all(members);
          expect(tickets()).toEqual([]);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('refuses a directory that is not this user’s alone', async () => {
    const groups = createConcurrencyGroups({ directory, uid, pollMs: 5 });
    mkdirSync(join(root, 'elsewhere'));
    symlinkSync(join(root, 'elsewhere'), directory);
    expect(await groups.enter(request('a'))).toMatchObject({
      error: { kind: 'infrastructure', reason: 'it is no directory' },
    });
    rmSync(directory);
    mkdirSync(directory, { mode: 0o755 });
    expect(await groups.enter(request('a'))).toMatchObject({
      error: { reason: 'other users can use it' },
    });
    rmSync(directory, { recursive: true });
    mkdirSync(directory, { mode: 0o700 });
    const other = createConcurrencyGroups({ directory, uid: (uid ?? 0) + 1 });
    expect(await other.enter(request('a'))).toMatchObject({
      error: { reason: `it belongs to user ${uid}` },
    });
  });

  it('fails when its directory cannot be made', async () => {
    const groups = createConcurrencyGroups({ directory: join(root, 'no/such'), uid });
    expect(await groups.enter(request('a'))).toMatchObject({ error: { kind: 'infrastructure' } });
  });
});

describe('runtimeDirectory', () => {
  it('is one place for each user, or the one that the environment names', () => {
    expect(runtimeDirectory({ XDG_RUNTIME_DIR: '/run/user/7' }, 7)).toBe('/tmp/pikaci-7');
    expect(runtimeDirectory({ PIKACI_RUNTIME_DIR: '' }, 7)).toBe('/tmp/pikaci-7');
    expect(runtimeDirectory({ PIKACI_RUNTIME_DIR: '/x' }, 7)).toBe('/x');
  });
});
