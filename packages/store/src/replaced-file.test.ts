import { deferred, DeferredCalls } from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import type { ReplaceOperations } from './replace-file.js';
import { ReplacedFile } from './replaced-file.js';

/** Writes that wait for the test; the rest succeeds at once. */
function slowOperations(writes: DeferredCalls<string, undefined>): ReplaceOperations {
  return {
    writeAndSync: (_path, contents) => writes.call(contents),
    rename: () => Promise.resolve(),
    syncDirectory: () => Promise.resolve(),
    remove: () => Promise.resolve(),
  };
}

describe('ReplacedFile', () => {
  it('writes one at a time and skips what a newer write replaced', async () => {
    const writes = new DeferredCalls<string, undefined>();
    const file = new ReplacedFile('/run.json', slowOperations(writes));
    const results = [file.write(() => 1)];
    const first = await writes.next();
    results.push(
      file.write(() => 2),
      file.write(() => 3),
    );
    expect(writes.waiting).toBe(0);
    first.answer(undefined);
    const last = await writes.next();
    expect([first.request, last.request]).toEqual(['1\n', '3\n']);
    last.answer(undefined);
    expect((await Promise.all(results)).map((result) => result.ok)).toEqual([true, true, true]);
    expect(writes.waiting).toBe(0);
  });

  it('tells everyone who waited that the disk is full, and writes again afterwards', async () => {
    const full = deferred<undefined>();
    let attempts = 0;
    const operations = {
      ...slowOperations(new DeferredCalls()),
      writeAndSync: () => (++attempts === 1 ? full.promise : Promise.resolve()),
    };
    const file = new ReplacedFile('/run.json', operations);
    const failed = file.write(() => 'a');
    full.reject(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }));
    expect(await failed).toMatchObject({
      ok: false,
      error: {
        kind: 'infrastructure',
        location: { file: '/run.json' },
        reason: 'ENOSPC: no space left on device',
        hint: 'Free some space, or choose another disk with --state-root.',
      },
    });
    expect(await file.write(() => 'b')).toMatchObject({ ok: true });
  });

  it('rejects for a value that cannot be made, and writes the next one', async () => {
    const operations = {
      ...slowOperations(new DeferredCalls()),
      writeAndSync: () => Promise.resolve(),
    };
    const file = new ReplacedFile('/run.json', operations);
    const broken = file.write(() => {
      throw new TypeError('not a record');
    });
    await expect(broken).rejects.toThrow('not a record');
    expect(await file.write(() => 'b')).toMatchObject({ ok: true });
  });
});
