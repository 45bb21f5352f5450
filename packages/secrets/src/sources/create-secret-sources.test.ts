import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outcome, RunSecrets, SecretSource } from '@pikaci/model';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSecretSources } from './create-secret-sources.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pikaci-secrets-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function read(
  secrets: Record<string, SecretSource>,
  environment: Record<string, string> = {},
  signal = new AbortController().signal,
): Promise<Outcome<RunSecrets>> {
  const PATH = process.env['PATH'];
  const sources = createSecretSources({
    secrets,
    workspaceRoot: root,
    environment: { PATH, ...environment },
  });
  return sources.read(Object.keys(secrets), signal);
}

async function valueOf(source: SecretSource, environment = {}): Promise<string | undefined> {
  const outcome = await read({ S: source }, environment);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value.of([{ secret: 'S', as: 'env', name: 'X' }])[0]?.value;
}

async function failureOf(source: SecretSource, environment = {}) {
  const outcome = await read({ S: source }, environment);
  if (outcome.ok) throw new Error('there was a value');
  return outcome.error;
}

describe('the sources of secrets', () => {
  it('are variables, files and what commands print, without one line end', async () => {
    writeFileSync(join(root, 'key'), 'from the file\r\n');
    expect(await valueOf({ env: 'TOKEN' }, { TOKEN: 'from a variable\n' })).toBe(
      'from a variable\n',
    );
    expect(await valueOf({ file: 'key' })).toBe('from the file');
    expect(await valueOf({ command: 'cat key; echo; echo' })).toBe('from the file\r\n\n');
  });

  it('are read once each, and only those that are asked for', async () => {
    const sources = createSecretSources({
      secrets: { A: { command: 'echo x >> count; echo value' }, B: { env: 'MISSING' } },
      workspaceRoot: root,
      environment: process.env,
    });
    const outcome = await sources.read(['A', 'A'], new AbortController().signal);
    expect(outcome.ok).toBe(true);
    expect(readFileSync(join(root, 'count'), 'utf8')).toBe('x\n');
  });

  it('give each job what it planned, by its own name', async () => {
    const outcome = await read(
      { A: { env: 'A' }, B: { env: 'B' } },
      { A: 'value a', B: 'value b' },
    );
    if (!outcome.ok) throw new Error('no secrets');
    expect(outcome.value.of([{ secret: 'B', as: 'file', name: 'KEY' }])).toEqual([
      { secret: 'B', as: 'file', name: 'KEY', value: 'value b' },
    ]);
    expect(outcome.value.masker.text('value a, value b')).toBe('***, ***');
  });

  it('warn of what cannot be masked', async () => {
    const outcome = await read({ A: { env: 'A' }, B: { env: 'B' } }, { A: 'abc', B: '' });
    expect(outcome.ok && outcome.value.warnings).toEqual([
      expect.stringContaining('A has less than 4 bytes'),
      expect.stringContaining('B is empty'),
    ]);
  });
});

describe('a secret that cannot be had', () => {
  it('is told by name and source, with what to do', async () => {
    expect(await failureOf({ env: 'TOKEN' })).toMatchObject({
      kind: 'config',
      message: 'The secret S cannot be had from the variable TOKEN',
      reason: 'it is not set',
      hint: 'Set TOKEN in the environment that pikaci is started in.',
    });
    expect(await failureOf({ file: 'missing' })).toMatchObject({
      kind: 'config',
      message: 'The secret S cannot be had from the file missing',
      reason: 'there is no such file',
    });
    expect(await failureOf({ file: '.' })).toMatchObject({ reason: 'it is a directory' });
  });

  it('has the end of what its command said, without what that printed', async () => {
    const failed = await failureOf({
      command: 'echo half-a-secret; echo "bad: half-a-secret and $OTHER" >&2; exit 3',
    });
    expect(failed).toMatchObject({ kind: 'config', reason: 'it exited with 3: bad: *** and' });
    expect(JSON.stringify(failed).split('half-a-secret')).toHaveLength(3);
  });

  it('is refused when no variable could hold it, or it is larger than a secret', async () => {
    writeFileSync(join(root, 'nul'), 'a\0b');
    writeFileSync(join(root, 'binary'), Buffer.from([0xff, 0xfe, 0x61]));
    writeFileSync(join(root, 'large'), 'x'.repeat(70_000));
    expect(await failureOf({ file: 'nul' })).toMatchObject({ reason: 'it has NUL bytes' });
    expect(await failureOf({ file: 'binary' })).toMatchObject({ reason: 'it is not UTF-8 text' });
    expect(await failureOf({ file: 'large' })).toMatchObject({
      reason: 'it has more than 65536 bytes',
    });
    expect(await failureOf({ command: 'head -c 2000000 /dev/zero' })).toMatchObject({
      reason: expect.stringContaining('more than 1048576 bytes') as string,
    });
  });

  it('is no failure of the configuration when the run is cancelled meanwhile', async () => {
    const abort = new AbortController();
    const outcome = read({ S: { command: 'sleep 100' } }, {}, abort.signal);
    abort.abort();
    expect(await outcome).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
  });

  it('is one that the configuration does not have', async () => {
    const sources = createSecretSources({ secrets: {}, workspaceRoot: root, environment: {} });
    expect(await sources.read(['toString'], new AbortController().signal)).toMatchObject({
      ok: false,
      error: { kind: 'config', message: 'There is no secret toString in the configuration' },
    });
  });
});
