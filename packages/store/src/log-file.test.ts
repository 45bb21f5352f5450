import { DeferredCalls } from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import { LogFile } from './log-file.js';

const bytes = (text: string) => Buffer.from(text);

function heldLog(limit?: number) {
  const writes = new DeferredCalls<string, undefined>();
  const append = (_path: string, chunk: Uint8Array) => writes.call(Buffer.from(chunk).toString());
  return { writes, log: new LogFile('/host.log', append, limit) };
}

describe('LogFile', () => {
  it('writes in order, and all that came meanwhile in one piece', async () => {
    const { writes, log } = heldLog();
    log.append(bytes('a'));
    const first = await writes.next();
    log.append(bytes('b'));
    log.append(bytes('c'));
    first.answer(undefined);
    const second = await writes.next();
    second.answer(undefined);
    expect([first.request, second.request]).toEqual(['a', 'bc']);
    expect(await log.flush()).toBeNull();
  });

  it('takes up again after it was idle', async () => {
    const { writes, log } = heldLog();
    log.append(bytes('a'));
    (await writes.next()).answer(undefined);
    await log.flush();
    log.append(bytes('b'));
    const later = await writes.next();
    expect(later.request).toBe('b');
    later.answer(undefined);
    expect(await log.flush()).toBeNull();
  });

  it('leaves out what does not fit while the disk stands still, and says so in its place', async () => {
    const { writes, log } = heldLog(6);
    log.append(bytes('1234'));
    const first = await writes.next();
    log.append(bytes('5678'));
    log.append(bytes('9'));
    first.answer(undefined);
    const second = await writes.next();
    expect(second.request).toBe('\n[pikaci] 4 bytes left out here: the disk was too slow\n9');
    second.answer(undefined);
    expect(await log.flush()).toBeNull();
  });

  it('does not stop at a chunk that is greater than all it may keep', async () => {
    const { writes, log } = heldLog(2);
    log.append(bytes('123'));
    const flushed = log.flush();
    const note = await writes.next();
    expect(note.request).toContain('3 bytes left out');
    note.answer(undefined);
    expect(await flushed).toBeNull();
  });

  it('keeps the first failure and goes on', async () => {
    const { writes, log } = heldLog();
    log.append(bytes('a'));
    (await writes.next()).crash(Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' }));
    const flushed = log.flush();
    expect(await flushed).toMatchObject({
      kind: 'infrastructure',
      message: 'The log /host.log is not complete',
    });
    log.append(bytes('b'));
    const next = await writes.next();
    expect(next.request).toBe('b');
    next.answer(undefined);
  });
});
