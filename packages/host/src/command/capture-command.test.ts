import { describe, expect, it } from 'vitest';
import { captureCommand } from './capture-command.js';

const sh = (script: string): { command: string[]; cwd: string } => ({
  command: ['sh', '-c', script],
  cwd: '/',
});

describe('captureCommand', () => {
  it('returns all of both streams', async () => {
    const outcome = await captureCommand(sh('printf out; printf err >&2; exit 2'));
    expect(outcome).toMatchObject({ ok: true, value: { exitCode: 2, ending: 'exited' } });
    if (!outcome.ok) return;
    expect(outcome.value.stdout.toString()).toBe('out');
    expect(outcome.value.stderr.toString()).toBe('err');
  });

  it('ends a command that prints more than the limit, and says so', async () => {
    const outcome = await captureCommand({ ...sh('while :; do echo line; done'), maxBytes: 1000 });
    expect(outcome).toMatchObject({
      ok: false,
      error: { kind: 'infrastructure', reason: 'more than 1000 bytes' },
    });
  });

  it('keeps exactly as much as the limit', async () => {
    const outcome = await captureCommand({ ...sh('printf 12345'), maxBytes: 5 });
    expect(outcome).toMatchObject({ ok: true });
  });

  it('keeps nothing of an output that somebody takes', async () => {
    const taken: Uint8Array[] = [];
    const onStdout = (chunk: Uint8Array) => void taken.push(chunk);
    const outcome = await captureCommand({ ...sh('printf 12345'), maxBytes: 1, onStdout });
    expect(outcome).toMatchObject({ ok: true, value: { stdout: Buffer.alloc(0) } });
    expect(Buffer.concat(taken).toString()).toBe('12345');
  });

  it('is aborted by its signal', async () => {
    const signal = AbortSignal.abort();
    expect(await captureCommand({ ...sh('exit 0'), signal })).toMatchObject({
      ok: true,
      value: { ending: 'aborted' },
    });
  });
});
