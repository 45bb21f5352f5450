import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInChild } from '@pikaci/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MemberOrder } from './group-member.test.helper.js';

let root = '';
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'pikaci-groups-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const helper = new URL('./group-member.test.helper.ts', import.meta.url);

describe('a concurrency group, over processes', () => {
  it('lets them in as they came, and gives on the place of one that was killed', async () => {
    const log = join(root, 'log');
    const directory = join(root, 'run');
    writeFileSync(log, '');
    const said = (what: string) =>
      vi.waitFor(() => expect(readFileSync(log, 'utf8')).toContain(what), { timeout: 30_000 });
    const start = (who: string) => {
      const order: MemberOrder = { directory, who, log, leaveFile: join(root, `${who} leave`) };
      return runInChild(helper, 'beMember', order);
    };
    const a = start('a');
    await said('a entered');
    const b = start('b');
    await said('b waits for a');
    const c = start('c');
    await said('c waits for a');
    const pid = /a entered as (\d+)/.exec(readFileSync(log, 'utf8'))?.[1];
    process.kill(Number(pid), 'SIGKILL');
    await said('b entered');
    await said('c waits for b');
    writeFileSync(join(root, 'b leave'), '');
    await said('c entered');
    writeFileSync(join(root, 'c leave'), '');
    expect(await a).toMatchObject({ signal: 'SIGKILL' });
    expect(await Promise.all([b, c])).toMatchObject([{ exitCode: 0 }, { exitCode: 0 }]);
    const order = readFileSync(log, 'utf8').match(/^\w (entered|leaves)/gm);
    expect(order).toEqual(['a entered', 'b entered', 'b leaves', 'c entered', 'c leaves']);
    expect(readdirSync(join(directory, 'deploy'))).toEqual([]);
  }, 60_000);
});
