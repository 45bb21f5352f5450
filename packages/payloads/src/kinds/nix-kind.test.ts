import { createPayloadRig, prepared, type PayloadRig } from '@pikaci/testkit';
import type { Failure, PreparedPayload, PreparePayloadRequest } from '@pikaci/model';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPayloadStore } from '../index.js';

let rig: PayloadRig;
let output: string;
beforeEach(() => {
  rig = createPayloadRig();
  rig.write('flake.nix', 'flake');
  rig.write('pikaci-snapshot.json', '{}');
  output = join(rig.dir, 'nix-store/hash-deps');
  mkdirSync(output, { recursive: true });
  writeFileSync(join(output, 'file'), 'x');
  vi.stubEnv('PATH', `${join(rig.dir, 'bin')}${delimiter}${process.env['PATH']}`);
  standIn(`echo ${output}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rig.remove();
});

/** A `nix` that notes how it was called and then does this. */
function standIn(script: string): void {
  mkdirSync(join(rig.dir, 'bin'), { recursive: true });
  const note = `for word in "$PWD" "$@"; do echo "$word"; done > '${rig.dir}/called'
ls -A > '${rig.dir}/seen'; printf %s "$NIX_CONFIG" > '${rig.dir}/config'; echo >> '${rig.dir}/calls'`;
  writeFileSync(join(rig.dir, 'bin/nix'), `#!/bin/sh\n${note}\n${script}\n`, { mode: 0o755 });
}

const note = (name: string) => readFileSync(join(rig.dir, name), 'utf8');
const calls = () => (existsSync(join(rig.dir, 'calls')) ? note('calls').length : 0);
const ask = (more: object = {}, overrides: Partial<PreparePayloadRequest> = {}) => {
  const store = createPayloadStore({ stateRoot: rig.stateRoot });
  const mounts = [{ name: 'deps', guestPath: '/deps' }];
  const payload = { kind: 'nix', installable: '.#deps', mounts, ...more };
  return store.prepare(rig.request(payload, overrides));
};
const prepare = async (...asked: Parameters<typeof ask>): Promise<PreparedPayload> =>
  prepared(await ask(...asked));
const failureOf = async (...asked: Parameters<typeof ask>): Promise<Failure> => {
  const outcome = await ask(...asked);
  if (outcome.ok) throw new Error('the payload was prepared');
  return outcome.error;
};

describe('a payload that Nix builds', () => {
  it('is used where Nix keeps it, and nothing of it is changed', async () => {
    chmodSync(join(output, 'file'), 0o400);
    symlinkSync('/nix/store/other', join(output, 'link'));
    const before = statSync(join(output, 'file'));
    const first = await prepare();
    expect(first).toMatchObject({ storePath: output, reused: false });
    expect(first.manifest).toMatchObject({ kind: 'nix_payload_v1' });
    expect(statSync(join(output, 'file'))).toMatchObject({ mode: before.mode, ino: before.ino });
    expect(await prepare()).toEqual({ ...first, reused: true });
    expect(calls()).toBe(1);
  });

  it('comes of a copy of the snapshot without its marker, as a path', async () => {
    await prepare({ installable: './sub#deps', impure: true });
    const [cwd, ...words] = note('called').trim().split('\n');
    expect(cwd).not.toBe(rig.snapshotDir);
    expect(words).toEqual([
      'build',
      '--accept-flake-config',
      '--no-link',
      '--print-out-paths',
      '--impure',
      `path:${cwd}/sub#deps`,
    ]);
    expect(note('seen')).toBe('flake.nix\n');
    expect(existsSync(cwd ?? '')).toBe(false);
    expect(note('config')).toContain('extra-experimental-features = nix-command flakes');
  });

  it('comes of the installable as it is when that is none of the workspace', async () => {
    vi.stubEnv('NIX_CONFIG', 'sandbox = false');
    await prepare({ installable: 'github:o/r/1234#x' });
    expect(note('called').split('\n').at(-2)).toBe('github:o/r/1234#x');
    expect(note('config')).toMatch(/^sandbox = false\nextra-/);
  });

  it('has a key of its installable, of what it may see, and of the snapshot that it is in', async () => {
    const at = (hash: string) => ({
      snapshot: { dir: rig.snapshotDir, sourceRoot: rig.dir, hash: hash.repeat(64) },
    });
    const fixed = { installable: 'nixpkgs#hello' };
    const keys = [
      await prepare({}, at('1')),
      await prepare({}, at('2')),
      await prepare({ installable: '.#other' }, at('1')),
      await prepare({ impure: true }, at('1')),
      await prepare(fixed, at('1')),
    ].map(({ contentKey }) => contentKey);
    expect(new Set(keys).size).toBe(keys.length);
    expect((await prepare(fixed, at('2'))).contentKey).toBe(keys.at(-1));
  });

  it('is built again when the collector of Nix has removed it', async () => {
    const first = await prepare();
    rmSync(output, { recursive: true });
    standIn(`mkdir -p ${output}; echo ${output}`);
    expect(await prepare()).toMatchObject({ storePath: first.storePath, reused: false });
  });

  it('is asked for as JSON from a Nix that cannot print paths', async () => {
    const json = JSON.stringify([{ drvPath: '/x.drv', outputs: { out: output } }]);
    standIn(`case "$*" in
      *--print-out-paths*) echo "error: unrecognised flag '--print-out-paths'" >&2; exit 1 ;;
      *--json*) echo '${json}' ;;
    esac`);
    expect((await prepare()).storePath).toBe(output);
    standIn(
      `case "$*" in *--json*) echo '[{"outputs": 1}]' ;; *) echo "error: unrecognised flag '--print-out-paths'" >&2; exit 1 ;; esac`,
    );
    expect((await failureOf({ impure: true })).message).toContain('no outputs');
  });
});

describe('a payload that Nix builds fails', () => {
  it('when Nix is not there, with where to get it', async () => {
    vi.stubEnv('PATH', join(rig.dir, 'empty'));
    const failed = await failureOf();
    expect(failed).toMatchObject({ kind: 'infrastructure', reason: 'there is no such program' });
    expect(failed.hint).toContain('Install Nix');
  });

  it('when Nix fails, with the end of what it said', async () => {
    standIn('seq 1 100 >&2; echo "error: attribute missing" >&2; exit 3');
    const failed = await failureOf();
    expect(failed).toMatchObject({ kind: 'payload' });
    expect(failed.message).toContain('failed with exit code 3');
    expect(failed.reason).toMatch(/100\nerror: attribute missing$/);
    expect(rig.log()).toContain('\n1\n2\n');
    standIn('kill -9 $$');
    expect((await failureOf()).message).toContain('failed with SIGKILL');
  });

  it('when it is cancelled, or takes too long', async () => {
    standIn('echo started >&2; exec sleep 1000');
    const cancel = new AbortController();
    const onLog = (chunk: Uint8Array) => {
      if (Buffer.from(chunk).includes('started')) cancel.abort();
    };
    expect((await failureOf({}, { signal: cancel.signal, onLog })).kind).toBe('cancelled');
    standIn('trap "echo asked >&2" TERM; echo started >&2; while :; do sleep 300 & wait; done');
    const force = new AbortController();
    const { signal } = force;
    const onForced = (chunk: Uint8Array) => {
      forced += Buffer.from(chunk).toString();
      if (forced.includes('started')) force.abort();
    };
    let forced = '';
    const ended = await failureOf({}, { signal, force: signal, onLog: onForced });
    expect(ended.kind).toBe('cancelled');
    expect(forced).not.toContain('asked');
    standIn('echo started >&2; exec sleep 1000');
    const late = await failureOf({ timeoutSeconds: 1 });
    expect(late).toMatchObject({ kind: 'timeout', reason: 'started' });
  });

  it.each([
    ['nothing', () => '', 'Nix built 0 outputs'],
    ['two paths', () => `echo ${output}; echo ${output}-dev`, 'Nix built 2 outputs'],
    ['a missing path', () => `echo ${output}-no`, 'is not a directory'],
    ['a relative path', () => 'echo output; mkdir output', 'is not a directory'],
    ['a file', () => `echo ${output}/file`, 'is not a directory'],
    ['a link', () => `ln -s ${output} ${output}-l; echo ${output}-l`, 'is not a directory'],
  ])('when it prints %s', async (_, script, words) => {
    standIn(script());
    const failed = await failureOf();
    expect(failed).toMatchObject({ kind: 'payload' });
    expect(failed.message).toContain(words);
  });

  it('when a mount leads out of the output, as it may elsewhere in it', async () => {
    const other = join(rig.dir, 'nix-store/other');
    mkdirSync(other);
    symlinkSync(other, join(output, 'out'));
    const failed = await failureOf({ mounts: [{ name: 'o', path: 'out', guestPath: '/o' }] });
    expect(failed.message).toContain('leaves the payload through a link');
    expect(lstatSync(join(output, 'out')).isSymbolicLink()).toBe(true);
    await prepare();
  });

  it('when the installable is none, before Nix is asked', async () => {
    const failed = await failureOf({ installable: '../other#x' });
    expect(failed.message).toContain('leads out of the workspace');
    expect(calls()).toBe(0);
  });
});
