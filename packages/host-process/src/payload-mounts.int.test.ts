import { treeState } from '@pikaci/testkit';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJobRig, type JobRig } from './job-rig.test.helper.js';
import { namespaceUsers } from './namespace-users.test.helper.js';

let rig: JobRig;
const printed = (): string => rig.output.stdout.toString();
const stored = (id: string): readonly string[] => treeState(join(rig.root, 'store', id));
const refused = (command: string): string =>
  `if ${command} 2>/dev/null; then echo "${command}"; fi`;

describe.each(namespaceUsers)('the payloads of a job in a namespace, as %s', (_user, options) => {
  beforeEach(() => {
    rig = createJobRig(options);
  });
  afterEach(() => rig.remove());

  /** What a run gives to the user of these tests, it gives before the job: so the state is of then. */
  async function runUnchanged(id: string, ...args: Parameters<JobRig['run']>) {
    await rig.run('true', args[1]);
    const before = stored(id);
    const outcome = await rig.run(...args);
    expect(stored(id)).toEqual(before);
    return outcome;
  }

  describe('that are read-only', () => {
    it('stand every attempt to change them, at both kinds of places', async () => {
      const elsewhere = join(rig.root, 'elsewhere');
      mkdirSync(elsewhere);
      const payload = rig.payload('p', { 'd/file': 'x', tool: '#!/bin/sh\n' }, [
        { name: 'tree', workspacePath: 'deps' },
        { name: 'away', guestPath: elsewhere },
      ]);
      const attempts = ['deps', '"$PIKACI_MOUNT_AWAY"'].flatMap((mount) => [
        refused(`touch ${mount}/new`),
        refused(`sh -c 'echo more >>$0/d/file' ${mount}`),
        refused(`chmod 777 ${mount}/tool`),
        refused(`chown 1 ${mount}/tool`),
        refused(`rm ${mount}/d/file`),
        refused(`mv ${mount}/d ${mount}/e`),
        refused(`ln ${mount}/tool hard-link`),
        refused(`mknod ${mount}/null c 1 3`),
        refused(`mount -o remount,rw ${mount}`),
        refused(`mount -o remount,bind,rw ${mount}`),
        refused(`umount ${mount}`),
        refused(`umount -l ${mount}`),
        refused(`mount --bind ${mount} /mnt`),
        `mkdir -p u w m; ${refused(`mount -t overlay -o lowerdir=${mount},upperdir=u,workdir=w o m`)}`,
        // The namespace of pid 1 has the mount point, but nothing mounted there.
        `touch /proc/1/root/$(realpath ${mount})/d/file 2>/dev/null`,
        `unshare --user --map-root-user --mount sh -c 'mount -o remount,bind,rw $0; umount -l $0; touch $0/new' ${mount} 2>/dev/null`,
        // With rights in a namespace of its own a job can write to a layer of its own, and only to that.
        `unshare --user --map-root-user --mount sh -c 'mount -t overlay -o lowerdir=$0,upperdir=u,workdir=w,userxattr o m && echo over >m/d/file' ${mount} 2>/dev/null`,
      ]);
      const outcome = await runUnchanged(
        'p',
        ['PATH=$PATH:/usr/sbin:/sbin', ...attempts, 'true'].join('\n'),
        {
          payloads: [payload],
        },
      );
      expect(outcome).toMatchObject({ verdict: 'passed' });
      expect(printed()).toBe('');
    });

    it('may be single files, in the tree and outside, that keep their executable bit', async () => {
      const outside = join(rig.root, 'outside');
      writeFileSync(outside, '');
      const payload = rig.payload('p', { tool: '#!/bin/sh\necho ran "$0"', data: 'data\n' }, [
        { name: 'in', relativePath: 'tool', workspacePath: 'bin/tool' },
        { name: 'out', relativePath: 'tool', guestPath: outside },
        { name: 'data', relativePath: 'data', workspacePath: 'data' },
      ]);
      chmodSync(join(payload.storePath, 'tool'), 0o755);
      const command = `bin/tool; ${outside}; cat data; test -x data && echo executable; ${refused('sh -c "echo x >data"')}; ${refused(`rm bin/tool ${outside}`)}`;
      await runUnchanged('p', command, { payloads: [payload] });
      expect(printed()).toBe(`ran bin/tool\nran ${outside}\ndata\n`);
    });

    it('are refused when a link took the place of their source since they were prepared', async () => {
      const payload = rig.payload('p', { 'd/file': 'x' }, [
        { name: 'm', relativePath: 'd', workspacePath: 'deps' },
      ]);
      renameSync(join(payload.storePath, 'd'), join(payload.storePath, 'e'));
      symlinkSync('/etc', join(payload.storePath, 'd'));
      const outcome = await rig.run('cat deps/passwd', { payloads: [payload] });
      expect(outcome.failure).toMatchObject({
        kind: 'payload',
        message: 'Mount "m" of payload "p" now leads out of the payload',
        reason: 'its source is /etc',
      });
      rmSync(join(payload.storePath, 'd'));
      symlinkSync('e', join(payload.storePath, 'd'));
      expect(await rig.run('cat deps/file', { payloads: [payload] })).toMatchObject({
        exitCode: 0,
      });
    });

    it('are mounted from and at names with every odd character', async () => {
      const odd = String.raw`it's "odd" $HOME, a\b:*[ü]`;
      const payload = rig.payload('p', { [`${odd}/file`]: 'x' }, [
        { name: 'tree', relativePath: odd, workspacePath: `deps/${odd}/below` },
      ]);
      await rig.run('cat deps/*/below/file; cat "$PIKACI_MOUNT_TREE/file"', {
        payloads: [payload],
      });
      expect(printed()).toBe('xx');
    });

    it('may be many', async () => {
      const mounts = [...Array(60).keys()].map((index) => ({
        name: `mount-${index}`,
        relativePath: `a-directory-with-a-rather-long-name/${index}`,
        workspacePath: `a/place/of/some/depth/in/the/working/tree/${index}`,
      }));
      const files = Object.fromEntries(mounts.map((mount) => [`${mount.relativePath}/f`, 'x']));
      const payload = rig.payload('p', files, mounts);
      const outcome = await rig.run('cat a/place/of/some/depth/in/the/working/tree/*/f', {
        payloads: [payload],
      });
      expect(outcome).toMatchObject({ verdict: 'passed' });
      expect(printed()).toBe('x'.repeat(60));
    });
  });

  describe('that it may write over', () => {
    const change = (dir: string): string =>
      `cd ${dir} && echo more >>keep && rm -r gone && mkdir gone && echo new >gone/new && mv old moved && chmod 700 keep && cat keep gone/new moved`;

    it('are writable in the working tree and outside, for it alone', async () => {
      const elsewhere = join(rig.root, 'elsewhere');
      mkdirSync(elsewhere);
      const files = { keep: 'kept ', 'gone/file': 'x', old: 'old\n' };
      const payload = rig.payload('p', files, [
        { name: 'tree', workspacePath: 'packages/x/deps' },
        { name: 'away', guestPath: elsewhere },
      ]);
      const job = { payloads: [payload], overlays: ['p'] };
      const command = `(${change('packages/x/deps')}) && (${change('"$PIKACI_MOUNT_AWAY"')})`;
      const outcome = await runUnchanged('p', command, job);
      expect(outcome).toMatchObject({ verdict: 'passed', notes: [] });
      expect(printed()).toBe('kept more\nnew\nold\n'.repeat(2));
      expect(existsSync(join(elsewhere, 'moved'))).toBe(false);
      expect(existsSync(join(rig.jobDir, 'layers'))).toBe(false);
      await rig.run('ls packages/x/deps; cat packages/x/deps/keep', job);
      expect(printed()).toBe('gone\nkeep\nold\nkept ');
      expect(rig.log).toEqual([]);
    });

    it('are writable in a workspace that is not', async () => {
      rig.snapshotFile('deps/.keep', '');
      const payload = rig.payload('p', { a: 'a' }, [{ name: 'm', workspacePath: 'deps' }]);
      const outcome = await runUnchanged(
        'p',
        'echo b >>deps/a && cat deps/a && ! touch x 2>/dev/null',
        {
          payloads: [payload],
          overlays: ['p'],
          workspace: 'read-only',
        },
      );
      expect(outcome).toMatchObject({ verdict: 'passed' });
      expect(printed()).toBe('ab\n');
    });

    it('are copies where they are single files', async () => {
      const payload = rig.payload('p', { tool: '#!/bin/sh\necho ran\n' }, [
        { name: 'm', relativePath: 'tool', workspacePath: 'bin/tool' },
      ]);
      chmodSync(join(payload.storePath, 'tool'), 0o555);
      await runUnchanged('p', 'echo echo more >>bin/tool && bin/tool', {
        payloads: [payload],
        overlays: ['p'],
      });
      expect(printed()).toBe('ran\nmore\n');
    });

    it('leave the other payloads of the job read-only', async () => {
      const a = rig.payload('a', { f: '' }, [{ name: 'm', workspacePath: 'a' }]);
      const b = rig.payload('b', { f: '' }, [{ name: 'm', workspacePath: 'b' }]);
      await rig.run('touch a/new && echo a; touch b/new 2>/dev/null && echo b', {
        payloads: [a, b],
        overlays: ['a'],
      });
      expect(printed()).toBe('a\n');
    });
  });

  it('have their entry points named in the command', async () => {
    const payload = rig.payload(
      'tool',
      { 'bin/say it': '#!/bin/sh\necho said "$@"\n' },
      [{ name: 'm', relativePath: 'bin', workspacePath: 'the tools' }],
      [
        { name: 'say', relativePath: 'bin/say it' },
        { name: 'lost', relativePath: 'lib/lost' },
      ],
    );
    chmodSync(join(payload.storePath, 'bin/say it'), 0o755);
    const run = (command: string) => rig.run(command, { payloads: [payload] });
    await run('${payload:tool:entrypoint:say} hello; echo $${payload}');
    expect(printed()).toMatch(/^said hello\n\d+\{payload\}\n$/);
    expect(rig.log).toEqual([
      `the command is: '${join(rig.jobDir, 'workspace/the tools/say it')}' hello; echo $\${payload}`,
    ]);
    expect((await run('${payload:tool:entrypoint:walk}')).failure).toMatchObject({
      kind: 'config',
      hint: 'It has: say, lost.',
    });
    expect((await run('${payload:tool:entrypoint:lost}')).failure?.kind).toBe('payload');
  });
});
