import { runInChild } from '@pikaci/testkit';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { DieRequest } from './die-with-command.test.helper.js';
import { runCommand } from './run-command.js';

let cwd = '';
let fifo = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'pikaci-watchdog-'));
  fifo = join(cwd, 'fifo');
  spawnSync('mkfifo', [fifo]);
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

/** Resolves when no process has the pipe open for writing any more; with all that was written to it. */
async function allGone(): Promise<string> {
  let text = '';
  const reader = createReadStream(fifo).on('data', (chunk) => (text += String(chunk)));
  await once(reader, 'end');
  return text;
}

/** Processes that hold the pipe open, and that would go on for an hour. */
const hold = (shell: string) => `exec 9>"$PWD/fifo"; ${shell}`;

async function killedWhile(script: string): Promise<void> {
  const gone = allGone();
  const helper = new URL('die-with-command.test.helper.ts', import.meta.url);
  const request: DieRequest = { script, cwd, marks: { PIKACI_TEST_DIR: cwd } };
  expect(await runInChild(helper, 'dieWithCommand', request)).toMatchObject({
    signal: 'SIGKILL',
    stderr: '',
  });
  await gone;
}

it('a killed process takes its command along, with all that is in its group and ignores requests', async () => {
  await killedWhile(hold(`trap '' TERM HUP; sleep 3600 & echo started; wait`));
});

it.runIf(process.platform === 'linux')('and what has left the group', async () => {
  await killedWhile(
    hold(`setsid sh -c 'sh -c "echo started; exec sleep 3600" & wait' >&1 & exec sleep 3600`),
  );
});

it('a command that has ended is watched no more', async () => {
  const gone = allGone();
  const ran = await runCommand({
    command: ['/bin/sh', '-c', hold('echo done >&9')],
    cwd,
    env: { PATH: process.env['PATH'] ?? '', PIKACI_TEST_DIR: cwd },
    endWithUs: { marks: { PIKACI_TEST_DIR: cwd } },
  });
  expect(ran).toMatchObject({ ok: true, value: { ending: 'exited', exitCode: 0 } });
  expect(await gone).toBe('done\n');
});
