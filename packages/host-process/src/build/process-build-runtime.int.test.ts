import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { launchers } from '../namespace/launcher.js';
import { createBuildRig, passed, type BuildRig, type RigUser } from './build-rig.test.helper.js';

let rig: BuildRig;
afterEach(() => rig.remove());

const modules = () =>
  rig.dependency('my-modules', { 'm/a/index': 'a', 'm/.bin/a-tool': '#!/bin/sh\necho tool\n' }, [
    {
      name: 'node-modules',
      relativePath: 'm',
      workspacePath: 'packages/one/node_modules',
      addToPath: ['.bin'],
    },
  ]);

/** What a process runs; empty for one that has ended, also if nobody has collected it yet. */
function commandLine(pid: string): string {
  const path = `/proc/${pid}/cmdline`;
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

describe.each([
  ['with mounts', 'auto'],
  ['with copies', 'never'],
] as const)('a build %s', (_, namespaces) => {
  beforeEach(() => {
    rig = createBuildRig({ namespaces });
  });

  it('finds what it depends on in its place, by its variable and on its PATH', async () => {
    rig.input('packages/two/file', '');
    symlinkSync('../one/node_modules/a', join(rig.workDir, 'packages/two/link'));
    const run =
      'a-tool && cat packages/two/link/index && echo " $PIKACI_MOUNT_NODE_MODULES $PIKACI_PAYLOAD_MY_MODULES $PWD"';
    const payload = modules();
    expect(await rig.run(run, { dependencies: [payload] })).toEqual(passed);
    const tree = join(rig.workDir, 'packages/one/node_modules');
    expect(rig.printed()).toBe(`tool\na ${tree} ${payload.storePath} ${rig.workDir}\n`);
  });

  it('leaves none of that in its directory, and all that the build made', async () => {
    rig.input('packages/two/file', 'input');
    rig.input('packages/one/node_modules/hidden', 'input');
    const dependencies = [
      modules(),
      rig.dependency('file', { f: 'x' }, [
        { name: 'f', relativePath: 'f', workspacePath: 'deep/er/file' },
      ]),
    ];
    const run = 'ls packages/one/node_modules && cat deep/er/file && echo > packages/two/made';
    expect(await rig.run(run, { dependencies })).toEqual(passed);
    expect(rig.printed()).toBe('a\nx');
    expect(readdirSync(rig.workDir)).toEqual(['packages']);
    expect(readdirSync(join(rig.workDir, 'packages/one'))).toEqual([]);
    expect(readdirSync(join(rig.workDir, 'packages/two')).sort()).toEqual(['file', 'made']);
  });

  it('cannot write to what it depends on', async () => {
    const payload = modules();
    const target = 'packages/one/node_modules/a';
    await rig.run(`echo changed > ${target}/index; echo > ${target}/new; rm -r ${target}`, {
      dependencies: [payload],
    });
    expect(readdirSync(join(payload.storePath, 'm/a'))).toEqual(['index']);
    expect(readFileSync(join(payload.storePath, 'm/a/index'), 'utf8')).toBe('a');
  });

  it('is reached by a mount whose guest path this machine does not have', async () => {
    const payload = rig.dependency('tool', { 'bin/say': '#!/bin/sh\necho said\n' }, [
      { name: 'tool', guestPath: '/opt/no such tool', addToPath: ['bin'] },
    ]);
    expect(await rig.run('say; ls "$PIKACI_MOUNT_TOOL"', { dependencies: [payload] })).toEqual(
      passed,
    );
    expect(rig.printed()).toBe('said\nbin\n');
  });

  it('refuses mounts that cannot all be made, and ways through links', async () => {
    const inside = rig.dependency('in', {}, [
      { name: 'in', workspacePath: 'packages/one/node_modules/x' },
    ]);
    const both = await rig.run('true', { dependencies: [modules(), inside] });
    expect(both).toMatchObject({ ok: false, error: { kind: 'config' } });
    symlinkSync('/tmp', join(rig.workDir, 'packages'));
    const through = await rig.run('true', { dependencies: [modules()] });
    expect(through).toMatchObject({ ok: false, error: { kind: 'config' } });
  });

  it('tells how its command ended', async () => {
    expect(await rig.run('exit 97')).toEqual({
      ok: true,
      value: { ending: 'exited', exitCode: 97, signal: null },
    });
    expect(await rig.run('kill -SEGV $$')).toEqual({
      ok: true,
      value: { ending: 'exited', exitCode: null, signal: 'SIGSEGV' },
    });
  });

  it('is ended with all its processes when its time is over', async () => {
    const run = 'echo begun; setsid sleep 300 & sleep 300 & sleep 300';
    const started = performance.now();
    const ran = await rig.run(run, { timeoutSeconds: 1 });
    expect(ran).toMatchObject({ ok: true, value: { ending: 'timed-out' } });
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(rig.printed()).toBe('begun\n');
  });

  it('is ended when it is cancelled, also before it has started', async () => {
    const abort = new AbortController();
    const ran = await rig.run('echo begun; sleep 300', {
      signal: abort.signal,
      onOutput: () => abort.abort(),
    });
    expect(ran).toMatchObject({ ok: true, value: { ending: 'cancelled' } });
    const never = await rig.run('echo > "$PIKACI_OUTPUT/x"', { signal: AbortSignal.abort() });
    expect(never).toMatchObject({ ok: true, value: { ending: 'cancelled' } });
    expect(existsSync(join(rig.outputDir, 'x'))).toBe(false);
  });

  it('has its grace when it is cancelled, and none any more when it is ended by force', async () => {
    const patient = createBuildRig({ graceSeconds: 3600 });
    const [cancel, force] = [new AbortController(), new AbortController()];
    // One of its processes has left for a session of its own, and neither ends when it is asked to.
    const away = `setsid sh -c 'trap "" TERM; echo $$ > $PIKACI_OUTPUT/away; while :; do sleep 300; done' >/dev/null 2>&1 &`;
    const stays = 'while :; do sleep 300 & wait; done';
    const run = `${away} trap "echo asked" TERM; until [ -s "$PIKACI_OUTPUT/away" ]; do sleep 0.01; done; echo $$; ${stays}`;
    let printed = '';
    const ran = await patient.run(run, {
      signal: cancel.signal,
      force: force.signal,
      onOutput: (chunk) => {
        printed += Buffer.from(chunk).toString();
        cancel.abort();
        // It was asked to end, and does not.
        if (printed.endsWith('asked\n')) force.abort();
      },
    });
    expect(ran).toMatchObject({ ok: true, value: { ending: 'cancelled', exitCode: null } });
    expect(printed).toMatch(/^\d+\nasked\n$/);
    expect(commandLine(printed.split('\n')[0] ?? '')).toBe('');
    expect(commandLine(patient.output('away').trim())).toBe('');
    patient.remove();
  });

  it('ends what it left in the background in a session of its own', async () => {
    const pid = join(rig.outputDir, 'pid');
    const run = `setsid sh -c 'echo $$ > ${pid}.new; mv ${pid}.new ${pid}; sleep 300' >/dev/null 2>&1 & until [ -e ${pid} ]; do sleep 0.01; done`;
    expect(await rig.run(run)).toEqual(passed);
    expect(commandLine(rig.output('pid').trim())).toBe('');
  });

  it('may remove its own directory', async () => {
    const run = 'mkdir ../other && cd .. && rm -rf "$OLDPWD"; echo gone > "$PIKACI_OUTPUT/x"';
    await rig.run(run, { dependencies: [modules()] });
    expect(rig.output('x')).toBe('gone\n');
  });
});

const nobody = 65534;

/** The namespace of users without rights, as nobody enters it. */
function nobodyUser(): RigUser {
  const [launcher] = launchers(
    { unshare: 'unshare', setpriv: 'setpriv', nsenter: 'nsenter' },
    false,
  );
  const become = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--'];
  return { uid: nobody, launcher: { ...launcher!, enter: [...become, ...launcher!.enter] } };
}

const users: readonly (readonly [string, RigUser | null])[] =
  process.getuid?.() === 0
    ? [
        ['root', null],
        ['a user without rights', nobodyUser()],
      ]
    : [['a user without rights', null]];

describe.each(users)('a build with mounts, as %s', (_, user) => {
  beforeEach(() => {
    rig = createBuildRig({}, user);
  });

  it('is told by the kernel that what it depends on is read-only, and cannot change that', async () => {
    const run = [
      'touch packages/one/node_modules/x',
      'rm packages/one/node_modules/a/index',
      'umount packages/one/node_modules',
      'mount -o remount,bind,rw packages/one/node_modules',
      'touch "$PIKACI_PAYLOAD_MY_MODULES/x"',
    ];
    const script = run.map((command) => `if ${command} 2>/dev/null; then exit 9; fi`).join('\n');
    expect(await rig.run(script, { dependencies: [modules()] })).toEqual(passed);
    expect(rig.log).toEqual([]);
  });

  it('cannot change the state root, but for its own directories', async () => {
    mkdirSync(join(rig.stateRoot, 'runs'));
    writeFileSync(join(rig.stateRoot, 'runs/record'), 'record');
    const run = [
      `echo x > made && mv made "$PIKACI_OUTPUT/moved"`,
      `[ "$(stat -c %d .)" = "$(stat -c %d "$PIKACI_OUTPUT")" ]`,
      `! echo x > ${rig.stateRoot}/runs/record`,
      `! mkdir ${rig.stateRoot}/cache/payloads/planted`,
      `! mkdir ${rig.stateRoot}/cache/payloads/.staging/../planted`,
    ];
    expect(await rig.run(run.join(' && '))).toEqual(passed);
    expect(rig.output('moved')).toBe('x\n');
    expect(readdirSync(join(rig.stateRoot, 'cache/payloads'))).toEqual(['.staging']);
  });

  it('finds a mount at its guest path where this machine has it, and nobody else does', async () => {
    const place = join(rig.root, 'opt/tool');
    mkdirSync(place, { recursive: true });
    const payload = rig.dependency('tool', { 'bin/say': '#!/bin/sh\necho said\n' }, [
      { name: 'tool', guestPath: place, addToPath: ['bin'] },
    ]);
    const run = `say && ls ${place} && echo "$PIKACI_MOUNT_TOOL" && ! touch ${place}/x 2>/dev/null`;
    expect(await rig.run(run, { dependencies: [payload] })).toEqual(passed);
    expect(rig.printed()).toBe(`said\nbin\n${place}\n`);
    expect(readdirSync(place)).toEqual([]);
  });

  it('says where a mount is whose guest path this machine does not have', async () => {
    const payload = rig.dependency('tool', {}, [{ name: 'tool', guestPath: '/opt/no-such-tool' }]);
    await rig.run('true', { dependencies: [payload] });
    expect(rig.log).toEqual([
      `mount "tool" is at ${payload.storePath}, not at /opt/no-such-tool: there is none here`,
    ]);
  });

  it('works whatever the umask is', async () => {
    const previous = process.umask(0o077);
    const ran = await rig.run('umask; cat packages/one/node_modules/a/index', {
      dependencies: [modules()],
    });
    process.umask(previous);
    expect(ran).toEqual(passed);
    expect(rig.printed()).toMatch(/^0*77\na$/);
  });
});

describe('a build with copies', () => {
  it('says once that nothing could be mounted, and changes its copies alone', async () => {
    rig = createBuildRig({ namespaces: 'never' });
    const payload = modules();
    const run = 'echo changed > packages/one/node_modules/a/index';
    expect(await rig.run(run, { dependencies: [payload] })).toEqual(passed);
    expect(rig.log).toEqual([
      'nothing can be mounted for the build, so dependencies are copied: private mounts are switched off',
    ]);
    expect(readFileSync(join(payload.storePath, 'm/a/index'), 'utf8')).toBe('a');
  });
});
