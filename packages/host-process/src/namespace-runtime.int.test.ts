import { existsSync, lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJobRig, rigRunId, type JobRig } from './job-rig.test.helper.js';
import { namespaceUsers } from './namespace-users.test.helper.js';

let rig: JobRig;
const printed = (): string => rig.output.stdout.toString();

describe.each(namespaceUsers)('a job in a namespace, as %s', (_user, options) => {
  beforeEach(() => {
    rig = createJobRig(options);
  });
  afterEach(() => {
    // Nothing was copied: these tests are about mounts.
    expect(rig.log).toEqual([]);
    rig.remove();
  });

  it('tells its phases as it enters them', async () => {
    await rig.run('true');
    expect(rig.phases).toEqual(['launch_guest', 'wait_for_completion']);
  });

  it('writes to and deletes from its working tree, and the snapshot stays as it was', async () => {
    rig.snapshotFile('src/a.txt', 'a');
    rig.snapshotFile('src/deep/b.txt', 'b');
    const outcome = await rig.run(
      'echo changed > src/a.txt && rm -r src/deep && mkdir src/deep && echo new > src/deep/c && ls src/deep',
    );
    expect(outcome).toMatchObject({ verdict: 'passed', exitCode: 0, failure: null, notes: [] });
    expect(printed()).toBe('c\n');
    expect(rig.read('snapshot/src/a.txt')).toBe('a');
    expect(readdirSync(join(rig.root, 'snapshot/src/deep'))).toEqual(['b.txt']);
  });

  it('leaves nothing behind but the artifacts', async () => {
    const outcome = await rig.run('mkdir -p a/b && touch a/b/c && chmod 000 a');
    expect(outcome).toMatchObject({ verdict: 'passed', notes: [] });
    expect(readdirSync(rig.jobDir)).toEqual(['artifacts']);
    expect(readdirSync(rig.artifactsDir).sort()).toEqual([
      'events.jsonl',
      'guest.log',
      'guest.log.index',
      'result.json',
      'status.json',
    ]);
  });

  it('starts anew where an earlier attempt was killed', async () => {
    for (const dir of ['workspace', 'layers/upper']) {
      mkdirSync(join(rig.jobDir, dir), { recursive: true });
      writeFileSync(join(rig.jobDir, dir, 'stale'), '');
    }
    await rig.run('ls');
    expect(printed()).toBe('README\n');
  });

  it('has a payload in its working tree that cannot be written, changed or remounted', async () => {
    const modules = rig.payload('modules', { 'x/index.js': '1' }, [
      { name: 'modules', workspacePath: 'node_modules' },
    ]);
    const refused = (command: string): string => `if ${command} 2>/dev/null; then exit 9; fi`;
    const outcome = await rig.run(
      [
        'PATH=$PATH:/usr/sbin:/sbin',
        'cat node_modules/x/index.js',
        refused('touch node_modules/new'),
        refused('chmod 777 node_modules/x'),
        refused('rm -r node_modules/x'),
        refused('mount -o remount,rw "$PWD/node_modules"'),
        refused('mount -o remount,bind,rw "$PWD/node_modules"'),
        refused('umount node_modules'),
        refused('umount -l node_modules'),
        refused('unshare --user --map-root-user --mount umount node_modules'),
        refused('unshare --user --map-root-user --mount mount -o remount,bind,rw node_modules'),
      ].join('\n'),
      { payloads: [modules] },
    );
    expect(outcome).toMatchObject({ verdict: 'passed' });
    expect(printed()).toBe('1');
    expect(outcome.payloads).toEqual([
      {
        id: 'modules',
        contentKey: 'key-of-modules',
        devicePrefix: 'modules',
        mounts: [
          {
            name: 'modules',
            deviceName: null,
            guestPath: join(rig.jobDir, 'workspace/node_modules'),
          },
        ],
      },
    ]);
  });

  it('follows the links of a payload into the working tree', async () => {
    rig.snapshotFile('packages/x/package.json', '{"main":"main.cjs"}');
    rig.snapshotFile('packages/x/main.cjs', 'module.exports = "linked"');
    const modules = rig.payload('modules', { '@scope/keep': '' }, [
      { name: 'modules', workspacePath: 'node_modules' },
    ]);
    symlinkSync('../../packages/x', join(rig.root, 'store/modules/@scope/x'));
    await rig.run(`node -p 'require("@scope/x")'`, { payloads: [modules] });
    expect(printed()).toBe('linked\n');
  });

  it('finds a single file, and mounts at absolute paths', async () => {
    rig.snapshotFile('config/old.json', 'old');
    const target = join(rig.root, 'elsewhere');
    mkdirSync(target);
    const payload = rig.payload(
      'tools',
      { 'settings.json': 'mounted', 'bin/tool': '#!/bin/sh\necho tool' },
      [
        { name: 'one', relativePath: 'settings.json', workspacePath: 'config/old.json' },
        { name: 'new', relativePath: 'settings.json', workspacePath: 'made/new.json' },
        { name: 'tools', guestPath: target, addToPath: ['bin'] },
      ],
    );
    await rig.run(
      'cat config/old.json made/new.json; sh "$(command -v tool || echo $PIKACI_MOUNT_TOOLS/bin/tool)"; ! echo x > config/old.json',
      { payloads: [payload] },
    );
    expect(printed()).toBe('mountedmountedtool\n');
    expect(existsSync(join(target, 'bin'))).toBe(false);
  });

  it('says that an absolute mount point is missing', async () => {
    const target = join(rig.root, 'missing');
    const payload = rig.payload('tools', { file: '' }, [{ name: 'tools', guestPath: target }]);
    const outcome = await rig.run('echo not reached', { payloads: [payload] });
    expect(outcome).toMatchObject({
      verdict: 'failed',
      exitCode: null,
      failure: {
        kind: 'config',
        reason: `mount "tools": there is no ${target} to mount it at: create the mount point, or choose a guestPath that exists`,
      },
    });
    expect(rig.output.stdout.length + rig.output.stderr.length).toBe(0);
  });

  it('refuses a mount that a link of the workspace would lead elsewhere', async () => {
    symlinkSync('/tmp', join(rig.snapshotDir, 'out'));
    const payload = rig.payload('p', { file: '' }, [{ name: 'p', workspacePath: 'out/p' }]);
    const outcome = await rig.run('true', { payloads: [payload] });
    expect(outcome.failure).toMatchObject({ kind: 'config' });
    expect(outcome.failure?.reason).toContain('is a symbolic link');
    expect(existsSync('/tmp/p')).toBe(false);
  });

  it('only reads a read-only workspace, with mounts at points that are there', async () => {
    rig.snapshotFile('node_modules/.keep', '');
    const modules = rig.payload('modules', { x: 'x' }, [
      { name: 'modules', workspacePath: 'node_modules' },
    ]);
    const outcome = await rig.run('cat node_modules/x; ! touch new 2>/dev/null', {
      workspace: 'read-only',
      payloads: [modules],
    });
    expect(outcome.verdict).toBe('passed');
    expect(printed()).toBe('x');
  });

  it('says what to do when a read-only workspace lacks a mount point', async () => {
    const modules = rig.payload('modules', { x: 'x' }, [
      { name: 'modules', workspacePath: 'node_modules' },
    ]);
    const job = { workspace: 'read-only', payloads: [modules] } as const;
    const outcome = await rig.run('true', job);
    expect(outcome.failure?.reason).toContain('use "workspace: overlay"');
  });

  it('takes 97 for what it is when the command itself exits with it', async () => {
    expect(await rig.run('echo pikaci-setup: no >&2; exit 97')).toMatchObject({
      exitCode: 97,
      failure: { kind: 'job', message: 'exited with 97' },
    });
  });

  it('collects artifacts from the merged tree: changed, unchanged, not deleted ones', async () => {
    rig.snapshotFile('reports/old.txt', 'old');
    rig.snapshotFile('reports/gone.txt', 'gone');
    rig.snapshotFile('reports/changed.txt', 'before');
    const outcome = await rig.run(
      'rm reports/gone.txt; echo after > reports/changed.txt; mkdir reports/sub; echo new > reports/sub/.new; ln -s /etc/passwd reports/link; exit 3',
      { artifacts: ['reports/**', 'nothing/*.xml'] },
    );
    expect(outcome).toMatchObject({ verdict: 'failed', exitCode: 3 });
    expect(outcome.artifacts).toEqual([
      'reports/changed.txt',
      'reports/old.txt',
      'reports/sub/.new',
    ]);
    expect(rig.read(`runs/${rigRunId}/jobs/job/artifacts/reports/changed.txt`)).toBe('after\n');
    expect(outcome.notes).toEqual([
      'the artifact "reports/**": reports/link left out: no regular file, or a name of pikaci\'s own',
      'the artifact "nothing/*.xml" matched no file',
    ]);
  });

  it('collects artifacts of a job that was killed at its timeout', async () => {
    const outcome = await rig.run('echo half > out.txt; sleep 1000', {
      artifacts: ['out.txt'],
      timeoutSeconds: 1,
    });
    expect(outcome).toMatchObject({
      exitCode: null,
      message: 'timed out after 1s',
      failure: { kind: 'timeout' },
      artifacts: ['out.txt'],
      notes: [],
    });
  });

  it('does not follow a link that a job left in the artifacts directory', async () => {
    const outcome = await rig.run(
      'mkdir -p "$PIKACI_WORKSPACE/out"; echo x > out/file; ln -s "$PIKACI_WORKSPACE/../.." "$PIKACI_ARTIFACTS/out"',
      { artifacts: ['out/file'] },
    );
    expect(outcome.artifacts).toEqual([]);
    expect(outcome.notes).toHaveLength(1);
    expect(lstatSync(join(rig.artifactsDir, 'out')).isSymbolicLink()).toBe(true);
  });
});
