import { createPayloadRig, prepared, shellBuildRuntimes, type PayloadRig } from '@pikaci/testkit';
import type { Outcome, PreparedPayload } from '@pikaci/model';
import { payloadsDirectory } from '@pikaci/paths';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPayloadStore } from '../index.js';

let rig: PayloadRig;
let outside = '';
beforeEach(() => {
  rig = createPayloadRig();
  outside = join(rig.dir, 'outside');
  mkdirSync(join(outside, 'out'), { recursive: true });
  writeFileSync(join(outside, 'out/kept'), '');
});
afterEach(() => {
  expect(existsSync(join(outside, 'out/kept'))).toBe(true);
  rig.remove();
});

const build = (run: string, more: object = {}): Promise<Outcome<PreparedPayload>> => {
  const store = createPayloadStore({ stateRoot: rig.stateRoot, runtimes: shellBuildRuntimes });
  return store.prepare(rig.request({ kind: 'command', run, mounts: [], ...more }));
};
/** What is in the store, but for what these builds move aside. */
const stored = () =>
  readdirSync(payloadsDirectory(rig.stateRoot)).filter((name) => !name.endsWith('.old'));

describe('a build that does not leave its directories as they were', () => {
  const cases: readonly [string, string, object][] = [
    ['replaces its output by a link', 'rmdir "$PIKACI_OUTPUT"; ln -s @ "$PIKACI_OUTPUT"', {}],
    [
      'replaces what its output is in by a link',
      'up=$(dirname "$PIKACI_OUTPUT"); cd /; mv "$up" "$up.old"; ln -s @/.. "$up"',
      {},
    ],
    [
      'replaces its directory by a link',
      'here=$PWD; cd /; mv "$here" "$here.old"; ln -s @/.. "$here"',
      { output: 'out' },
    ],
    [
      'replaces its directory by a link and is taken whole',
      'here=$PWD; cd /; mv "$here" "$here.old"; ln -s @ "$here"',
      { output: '.' },
    ],
    ['makes its output a file', 'rmdir "$PIKACI_OUTPUT"; echo > "$PIKACI_OUTPUT"', {}],
    ['removes its directory', 'here=$PWD; cd /; rm -r "$here"', { output: 'out' }],
    ['removes its output', 'rmdir "$PIKACI_OUTPUT"', {}],
  ];
  it.each(cases)('%s is refused', async (_, run, more) => {
    const outcome = await build(run.replaceAll('@', join(outside, 'out')), more);
    expect(outcome).toMatchObject({ ok: false, error: { kind: 'payload' } });
    expect(stored()).toEqual([]);
  });

  it('leaves nothing beside its output in the store', async () => {
    const beside = 'up=$(dirname "$PIKACI_OUTPUT"); mkdir -p "$up/beside" "$up/payload/planted"';
    const { storePath } = prepared(await build(`${beside}; echo > "$PIKACI_OUTPUT/x"`));
    expect(readdirSync(dirname(storePath)).sort()).toEqual([
      'entries.gz',
      'key-inputs.jsonl',
      'output',
      'payload.json',
    ]);
    expect(readdirSync(storePath)).toEqual(['x']);
  });

  it('may remove its directory when its output is elsewhere', async () => {
    const { storePath } = prepared(
      await build('here=$PWD; cd /; rm -r "$here"; echo > "$PIKACI_OUTPUT/x"'),
    );
    expect(readdirSync(storePath)).toEqual(['x']);
  });
});

describe('the output of a build', () => {
  it('may be its whole directory, or what a link in it leads to', async () => {
    rig.write('in', 'input');
    const whole = prepared(await build('echo > made', { inputs: ['in'], output: '.' }));
    expect(readdirSync(whole.storePath).sort()).toEqual(['in', 'made']);
    const linked = prepared(
      await build('mkdir real; echo > real/x; ln -s real out', { output: 'out' }),
    );
    expect(lstatSync(linked.storePath).isDirectory()).toBe(true);
    expect(readdirSync(linked.storePath)).toEqual(['x']);
  });

  it('is what the configuration names, and the log says what is left aside for it', async () => {
    const run = 'mkdir out; echo > out/x; mkdir "$PIKACI_OUTPUT/d"; chmod 000 "$PIKACI_OUTPUT/d"';
    const { storePath } = prepared(await build(run, { output: 'out' }));
    expect(readdirSync(storePath)).toEqual(['x']);
    expect(rig.log()).toContain('is left aside: the output of payload "example" is "out"');
    const quiet = prepared(await build('mkdir out; echo > out/x', { output: 'out' }));
    expect(quiet.reused).toBe(false);
    expect(rig.log().match(/left aside/g)).toHaveLength(1);
  });

  it('may hold directories that nobody was let into', async () => {
    const run =
      'cd "$PIKACI_OUTPUT"; mkdir -p a/b; echo x > a/b/f; chmod 400 a/b/f; chmod 000 a/b a';
    const { storePath } = prepared(await build(run));
    expect(readFileSync(join(storePath, 'a/b/f'), 'utf8')).toBe('x\n');
    const modes = ['a', 'a/b', 'a/b/f'].map(
      (path) => lstatSync(join(storePath, path)).mode & 0o777,
    );
    expect(modes).toEqual([0o555, 0o555, 0o444]);
  });

  it('may share files of the longest names with the world outside', async () => {
    const name = 'x'.repeat(255);
    writeFileSync(join(outside, name), 'shared');
    const { storePath } = prepared(await build(`ln ${join(outside, name)} "$PIKACI_OUTPUT"`));
    expect(lstatSync(join(storePath, name)).nlink).toBe(1);
    expect(readdirSync(storePath)).toEqual([name]);
  });

  it('is refused as what it is, and not as a broken machine, when a path of it is too long', async () => {
    const dirs = 'for i in $(seq 30); do mkdir -p "$name"; cd -P "$name"; done; echo > f';
    const refused = await build(`cd "$PIKACI_OUTPUT"; name=${'d'.repeat(150)}; ${dirs}`);
    expect(refused).toMatchObject({ ok: false, error: { kind: 'payload' } });
    expect(!refused.ok && refused.error.hint).toContain('shorter names');
    expect(stored()).toEqual([]);
  });

  it('is not to be reached by others while it is being built', async () => {
    const run = 'stat -c %a .. "$PIKACI_OUTPUT/.." > "$PIKACI_OUTPUT/modes"';
    const { storePath } = prepared(await build(run));
    expect(readFileSync(join(storePath, 'modes'), 'utf8')).toBe('700\n700\n');
    expect(lstatSync(dirname(storePath)).mode & 0o777).toBe(0o755);
  });
});
