import { treeState } from '@pikaci/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIncusWorkbench, labSettings, type IncusWorkbench } from './fixtures/incus-job.js';

let bench: IncusWorkbench;
let count = 0;
const nextId = () => `mounts-${(count += 1)}`;

beforeAll(async () => {
  bench = await createIncusWorkbench();
  await bench.snapshotFile('src/hello.txt', 'hello\n');
});
afterAll(async () => {
  await bench[Symbol.asyncDispose]();
});

const odd = String.raw`it's "odd" $HOME, a\b:*[ü]`;
const tools = () =>
  bench.payload({
    id: 'tools',
    files: {
      'bin/say': '#!/bin/sh\necho said "$@"\n',
      'data/keep': 'kept\n',
      'data/gone/x': 'x',
      'data/old': 'old\n',
      [`${odd}/file`]: 'odd\n',
    },
    mounts: [
      { name: 'tree', relativePath: 'data', workspacePath: 'packages/x/deps' },
      { name: 'away', relativePath: '.', guestPath: '/opt/made/tools' },
      { name: 'file', relativePath: 'bin/say', workspacePath: 'bin/say' },
      { name: 'outside', relativePath: 'bin/say', guestPath: '/opt/made/say' },
      { name: 'odd', relativePath: odd, workspacePath: odd },
    ],
    entrypoints: [
      { name: 'say', relativePath: 'bin/say' },
      { name: 'keep', relativePath: 'data/keep' },
    ],
  });

const tried = (command: string) =>
  `if ${command} 2>/dev/null; then echo 'done: ${command.replaceAll("'", '')}'; fi`;

describe.each(['image', 'debianImage'] as const)(
  'the payloads of a job in a guest from %s',
  (kind) => {
    const image = () => labSettings()[kind];

    it('stay as they are, whatever the root of the guest tries', async () => {
      const payload = await tools();
      const before = treeState(payload.storePath);
      const attempts = ['packages/x/deps', '/opt/made/tools/data'].flatMap((mount) => [
        tried(`touch ${mount}/new`),
        tried(`sh -c 'echo more >>${mount}/keep'`),
        tried(`chmod 777 ${mount}/keep`),
        tried(`chown 1 ${mount}/keep`),
        tried(`rm ${mount}/keep`),
        tried(`mv ${mount}/gone ${mount}/went`),
        tried(`mknod ${mount}/null c 1 3`),
        tried(`touch /proc/1/root$(realpath ${mount})/keep`),
        tried(`mount -o remount,rw ${mount}`),
        tried(`mount -o remount,rw,bind ${mount}`),
        `mkdir -p /b && mount -o bind ${mount} /b && { ${tried('touch /b/new')}; ${tried('mount -o remount,bind,rw /b')}; umount /b; }`,
        `mkdir -p /r && mount -o rbind,rw ${mount} /r && { ${tried('touch /r/new')}; umount /r; }`,
        // Writable by right: layers of the job's own, and what lies below a mount.
        `mkdir -p /l && mount -t tmpfs l /l && mkdir -p /l/u /l/w /l/m && mount -t overlay -o lowerdir=${mount},upperdir=/l/u,workdir=/l/w,userxattr l /l/m && { echo over >/l/m/keep; rm -r /l/m/gone; mknod /l/m/null c 1 3; }`,
        `umount ${mount} && echo below >${mount}/keep`,
        `umount /pikaci/payloads/tools/tree && touch /pikaci/payloads/tools/tree/new`,
        `umount /opt/made/tools && mkdir -p /opt/made/tools && touch /opt/made/tools/new`,
        `true`,
      ]);
      const job = await bench.run(`{ id -u; ${attempts.join('\n')}\n} 2>/dev/null`, {
        id: nextId(),
        image: image(),
        payloads: [payload],
      });
      expect(job.outcome).toMatchObject({ verdict: 'passed' });
      expect(job.log).toBe('0\n');
      expect(treeState(payload.storePath)).toEqual(before);
    });

    it('may be single files and have odd names, in the working tree and outside', async () => {
      const command = `bin/say in; /opt/made/say out; test -x bin/say && echo executable; ${tried('touch bin/say')}; ${tried('rm bin/say')}; cat "$PIKACI_MOUNT_ODD/file"`;
      const job = await bench.run(command, {
        id: nextId(),
        image: image(),
        payloads: [await tools()],
      });
      expect(job.log).toBe('said in\nsaid out\nexecutable\nodd\n');
    });

    it('are writable where the job may write over them, for it alone', async () => {
      const payload = await tools();
      const before = treeState(payload.storePath);
      const change = (dir: string) =>
        `(cd ${dir} && echo more >>keep && rm -r gone && mkdir gone && echo new >gone/new && mv old moved && chmod 700 keep && cat keep gone/new moved)`;
      const overlays = ['tools'];
      const command = `${change('packages/x/deps')} && ${change('/opt/made/tools/data')} && echo 'echo more' >>bin/say && bin/say x && echo 'echo away' >>/opt/made/say && /opt/made/say y && echo changed >src/hello.txt`;
      const job = await bench.run(command, {
        id: nextId(),
        image: image(),
        payloads: [payload],
        overlays,
      });
      expect(job.log).toBe(`${'kept\nmore\nnew\nold\n'.repeat(2)}said x\nmore\nsaid y\naway\n`);
      expect(job.outcome).toMatchObject({
        verdict: 'passed',
        payloads: [
          {
            mounts: [
              { guestPath: '/workspace/work/packages/x/deps' },
              { guestPath: '/opt/made/tools' },
              {},
              {},
              {},
            ],
          },
        ],
      });
      expect(treeState(payload.storePath)).toEqual(before);
      const again = await bench.run('cat packages/x/deps/keep; ls packages/x/deps', {
        id: nextId(),
        image: image(),
        payloads: [payload],
        overlays,
      });
      expect(again.log).toBe('kept\ngone\nkeep\nold\n');
    });

    it('belong at their top to a job that does not run as root', async () => {
      const job = await bench.run(
        'touch packages/x/deps/new /opt/made/tools/new && echo x >bin/say && id -u',
        {
          id: nextId(),
          image: image(),
          payloads: [await tools()],
          overlays: ['tools'],
          job: { user: '1000' },
        },
      );
      expect(job.log).toBe('1000\n');
    });

    it('have their entry points named in the command', async () => {
      const command = '${payload:tools:entrypoint:say} "$(cat ${payload:tools:entrypoint:keep})"';
      for (const overlays of [[], ['tools']]) {
        const job = await bench.run(command, {
          id: nextId(),
          image: image(),
          payloads: [await tools()],
          overlays,
        });
        expect(job.log).toBe('said kept\n');
        expect(job.hostLog).toContain(
          'the command is: /workspace/work/bin/say "$(cat /workspace/work/packages/x/deps/keep)"',
        );
      }
    });
  },
);

describe('sixty payload mounts', () => {
  it('are all there', async () => {
    const mounts = [...Array(60).keys()].map((index) => ({
      name: `mount-${index}`,
      relativePath: `a/${index}`,
      ...(index % 2 === 0
        ? { workspacePath: `deep/in/the/tree/${index}` }
        : { guestPath: `/opt/m/${index}` }),
    }));
    const files = Object.fromEntries(mounts.map((mount) => [`${mount.relativePath}/f`, 'x']));
    const payload = await bench.payload({ id: 'many', files, mounts });
    const job = await bench.run('cat deep/in/the/tree/*/f /opt/m/*/f', {
      id: nextId(),
      payloads: [payload],
    });
    expect(job.log).toBe('x'.repeat(60));
  });
});
