import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readProcess } from '../processes/list-processes.js';
import type { CommandResult, CommandSpec } from './command-spec.js';
import { runCommand } from './run-command.js';

let cwd = '';
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'pikaci-run-command-'));
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

const sh = (script: string, extra: Partial<CommandSpec> = {}): CommandSpec => ({
  command: ['sh', '-c', script],
  cwd,
  ...extra,
});

async function result(spec: CommandSpec): Promise<CommandResult> {
  const outcome = await runCommand(spec);
  if (!outcome.ok) throw new Error(outcome.error.message);
  return outcome.value;
}

/** False also for a dead process that nobody has collected yet. */
async function isRunning(pid: number): Promise<boolean> {
  expect(pid).toBeGreaterThan(0);
  const found = await readProcess(pid);
  return found !== null && !found.dead;
}

/** Collects output and calls back when it holds a whole line with a process id. */
function pidReader(onPid: (pid: number) => void): (chunk: Uint8Array) => void {
  let text = '';
  return (chunk) => {
    text += Buffer.from(chunk).toString();
    const found = /^(\d+)\n/.exec(text);
    if (found !== null) onPid(Number(found[1]));
  };
}

describe('runCommand', () => {
  it('reports the exit code of a command that ends by itself', async () => {
    expect(await result(sh('exit 7'))).toMatchObject({
      exitCode: 7,
      signal: null,
      ending: 'exited',
    });
  });

  it('gives a command no time any more once it is to be ended by force', async () => {
    const [abort, force] = [new AbortController(), new AbortController()];
    const onStdout = (chunk: Uint8Array) => {
      // First it is asked, then it says that it will not.
      if (Buffer.from(chunk).toString() === 'ready\n') abort.abort();
      else force.abort();
    };
    const ran = await result(
      sh('trap "echo no" TERM; echo ready; while :; do sleep 3600 & wait; done', {
        graceSeconds: 3600,
        signal: abort.signal,
        force: force.signal,
        onStdout,
      }),
    );
    expect(ran).toMatchObject({ ending: 'aborted', signal: 'SIGKILL' });
  });

  it('reports the signal of a command that one ended', async () => {
    expect(await result(sh('kill -KILL $$'))).toMatchObject({
      exitCode: null,
      signal: 'SIGKILL',
      ending: 'signalled',
    });
  });

  it('hands out every byte of both streams and changes none', async () => {
    const out: Uint8Array[] = [];
    const err: Uint8Array[] = [];
    await result({
      command: [
        process.execPath,
        '-e',
        `process.stdout.write(Buffer.from(Array.from({length: 3e6}, (_, i) => (i * 7) % 256)));
         process.stderr.write(Buffer.from([0xff, 0x00, 0xfe]));`,
      ],
      cwd,
      onStdout: (chunk) => void out.push(chunk),
      onStderr: (chunk) => void err.push(chunk),
    });
    const expected = Buffer.from(Array.from({ length: 3e6 }, (_, index) => (index * 7) % 256));
    expect(Buffer.concat(out).equals(expected)).toBe(true);
    expect([...Buffer.concat(err)]).toEqual([0xff, 0x00, 0xfe]);
  });

  it('reads on only when the consumer is done with a chunk', async () => {
    let busy = 0;
    let overlaps = 0;
    let length = 0;
    await result(
      sh('head -c 1000000 /dev/zero', {
        onStdout: async (chunk) => {
          busy += 1;
          if (busy > 1) overlaps += 1;
          await new Promise((resolve) => setImmediate(resolve));
          busy -= 1;
          length += chunk.length;
        },
      }),
    );
    expect({ overlaps, length }).toEqual({ overlaps: 0, length: 1_000_000 });
  });

  it('gives the command its standard input, and none unless told', async () => {
    const out: Uint8Array[] = [];
    const onStdout = (chunk: Uint8Array): void => void out.push(chunk);
    await result(sh('cat', { stdin: 'hello', onStdout }));
    await result(sh('cat; echo end', { onStdout }));
    expect(Buffer.concat(out).toString()).toBe('helloend\n');
  });

  it('survives a command that does not read its standard input', async () => {
    const stdin = new Uint8Array(4_000_000);
    expect(await result(sh('exit 0', { stdin }))).toMatchObject({ exitCode: 0 });
  });

  it('passes exactly the environment it is given, or adds to its own', async () => {
    const out: Uint8Array[] = [];
    const onStdout = (chunk: Uint8Array): void => void out.push(chunk);
    const env = { ONLY: 'this' };
    const print = [process.execPath, '-p', 'process.env.ONLY + (process.env.PATH === undefined)'];
    await result({ command: print, cwd, env, onStdout });
    await result({ command: print, cwd, env, extendEnv: true, onStdout });
    expect(Buffer.concat(out).toString()).toBe('thistrue\nthisfalse\n');
  });

  it('ends the whole group at the timeout, also a child that ignores SIGTERM and holds the output', async () => {
    let child = 0;
    const script = `sh -c 'trap "" TERM; echo $$; while :; do sleep 1; done' & wait`;
    const onStdout = pidReader((pid) => {
      child = pid;
    });
    const ended = await result(sh(script, { timeoutSeconds: 0.4, graceSeconds: 0.2, onStdout }));
    expect(ended.ending).toBe('timed-out');
    expect(ended.durationMs).toBeLessThan(4000);
    expect(await isRunning(child)).toBe(false);
  });

  it('lets a command tidy up within the grace period', async () => {
    const out: Uint8Array[] = [];
    const ended = await result(
      sh(`trap 'echo tidy; exit 3' TERM; while :; do sleep 0.05; done`, {
        timeoutSeconds: 0.3,
        onStdout: (chunk) => void out.push(chunk),
      }),
    );
    expect(ended).toMatchObject({ ending: 'timed-out', exitCode: 3 });
    expect(Buffer.concat(out).toString()).toBe('tidy\n');
  });

  it('ends the group when it is aborted', async () => {
    const abort = new AbortController();
    let pid = 0;
    const ended = await result(
      sh('sleep 1000 & echo $!; wait', {
        signal: abort.signal,
        onStdout: pidReader((found) => {
          pid = found;
          abort.abort();
        }),
      }),
    );
    expect(ended.ending).toBe('aborted');
    expect(await isRunning(pid)).toBe(false);
  });

  it('starts nothing when it is aborted already', async () => {
    const spawned: number[] = [];
    const signal = AbortSignal.abort();
    const ended = await result(
      sh('exit 0', { signal, observeSpawn: (pid) => void spawned.push(pid) }),
    );
    expect(ended).toMatchObject({ ending: 'aborted', exitCode: null });
    expect(spawned).toEqual([]);
  });

  it('ends what the command leaves behind in its group', async () => {
    let left = 0;
    const onStdout = pidReader((pid) => {
      left = pid;
    });
    const ended = await result(sh('sleep 1000 & echo $!', { onStdout }));
    expect(ended).toMatchObject({ ending: 'exited', exitCode: 0 });
    expect(ended.durationMs).toBeLessThan(4000);
    expect(await isRunning(left)).toBe(false);
  });

  it('does not wait for a process that left the group and holds the output', async () => {
    let escaped = 0;
    const onStdout = pidReader((pid) => {
      escaped = pid;
    });
    const script = `
      const { spawn } = require('node:child_process');
      const child = spawn('sleep', ['1000'], { detached: true, stdio: 'inherit' });
      console.log(child.pid);
      child.unref();`;
    const ended = await result({ command: [process.execPath, '-e', script], cwd, onStdout });
    process.kill(escaped, 'SIGKILL');
    expect(ended).toMatchObject({ ending: 'exited', exitCode: 0 });
    expect(ended.durationMs).toBeLessThan(4000);
  });

  it('says that a program is missing, and what to do', async () => {
    const outcome = await runCommand({ command: ['no-such-program'], cwd });
    expect(outcome).toMatchObject({
      ok: false,
      error: {
        kind: 'infrastructure',
        reason: 'there is no such program',
        hint: 'Install "no-such-program", or add its directory to PATH.',
      },
    });
  });

  it.each([
    ['is too long', 'x'.repeat(4 * 1024 * 1024), 'spawn E2BIG'],
    ['holds a NUL byte', 'a\0b', 'an argument or a variable holds a NUL byte'],
  ])('takes what %s for a mistake of who wrote it, wherever it stands', async (_, text, reason) => {
    const error = { kind: 'config', reason };
    expect(await runCommand(sh(`: ${text}`))).toMatchObject({ ok: false, error });
    expect(await runCommand(sh('true', { env: { LONG: text } }))).toMatchObject({
      ok: false,
      error,
    });
  });

  it('says that the working directory is missing', async () => {
    const missing = join(cwd, 'missing');
    expect(await runCommand(sh('exit 0', { cwd: missing }))).toMatchObject({
      ok: false,
      error: { reason: `its working directory ${missing} does not exist` },
    });
  });

  it('ends the command and rethrows when a consumer throws', async () => {
    let pid = 0;
    const broken = runCommand(
      sh('echo x; sleep 1000', {
        observeSpawn: (found) => {
          pid = found;
        },
        onStdout: () => {
          throw new Error('broken consumer');
        },
      }),
    );
    await expect(broken).rejects.toThrow('broken consumer');
    expect(await isRunning(pid)).toBe(false);
  });
});
