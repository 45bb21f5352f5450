import { createIncusClient } from '@pikaci/incus-client';
import {
  lstatSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  mkdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildOn } from '../fixtures/incus-build.js';
import { createIncusWorkbench, labSettings, type IncusWorkbench } from '../fixtures/incus-job.js';
import { markKeys } from '../marks.js';

let bench: IncusWorkbench;
beforeAll(async () => {
  bench = await createIncusWorkbench();
});
afterAll(async () => {
  expect(await instances()).toEqual([]);
  await bench[Symbol.asyncDispose]();
});

const passed = { ok: true, value: { ending: 'exited', exitCode: 0, signal: null } };

/** The bench's instances that are there, of any state. */
async function instances(): Promise<readonly string[]> {
  const client = createIncusClient({ socketPath: labSettings().socket });
  const listed = await client.instances.list();
  client.close();
  if (!listed.ok) throw new Error(listed.error.message);
  const ours = listed.value.filter(({ config }) => config[markKeys.run] === bench.runId);
  return ours.map(({ name }) => name);
}

const modules = () =>
  bench.payload({
    id: 'my-modules',
    files: { 'm/a/index': 'a\n', 'm/.bin/a-tool': '#!/bin/sh\necho tool\n' },
    mounts: [
      {
        name: 'tree',
        relativePath: 'm',
        workspacePath: 'packages/one/node_modules',
        addToPath: ['.bin'],
      },
      { name: 'opt', relativePath: 'm/a', guestPath: '/opt/no such place/a' },
      { name: 'single', relativePath: 'm/a/index', workspacePath: 'one/file' },
    ],
  });

describe('a build in a guest', () => {
  it('runs in the image, and leaves its output and no instance', async () => {
    const { debianImage } = labSettings();
    const run =
      'cat /etc/os-release > "$PIKACI_OUTPUT/os"; pwd; id -u; echo warned >&2; mkdir made';
    const built = await buildOn(bench, run, { image: debianImage });
    expect(built.outcome).toEqual(passed);
    expect(built.printed.split('\n').sort()).toEqual(['', '/workspace/work', '0', 'warned']);
    expect(readFileSync(join(built.outputDir, 'os'), 'utf8')).toContain('Debian');
    expect(readdirSync(built.workDir)).toEqual(['made']);
    expect(built.log).toEqual([
      expect.stringMatching(
        new RegExp(
          `^building in instance pikaci-[0-9a-f]{12} of image ${debianImage} \\([0-9a-f]{12}\\)$`,
        ),
      ),
    ]);
    expect(await instances()).toEqual([]);
  });

  it('finds what it depends on, read-only, and leaves nothing of it in its directory', async () => {
    const run = [
      'set -e',
      'a-tool; cat link/index one/file "/opt/no such place/a/index"',
      'echo "$PIKACI_MOUNT_TREE $PIKACI_PAYLOAD_MY_MODULES"; cat $PIKACI_PAYLOAD_MY_MODULES/m/a/index',
      'for f in packages/one/node_modules/x one/file $PIKACI_PAYLOAD_MY_MODULES/x; do ! touch $f 2>/dev/null; done',
      '! mount -o remount,rw,bind packages/one/node_modules 2>/dev/null',
      '! ls packages/one/node_modules/hidden 2>/dev/null',
    ].join('\n');
    const payload = await modules();
    const built = await buildOn(bench, run, {
      dependencies: [payload],
      before: (workDir) => {
        mkdirSync(join(workDir, 'packages/one/node_modules'), { recursive: true });
        writeFileSync(join(workDir, 'packages/one/node_modules/hidden'), '');
        symlinkSync('packages/one/node_modules/a', join(workDir, 'link'));
      },
    });
    expect([built.printed, built.outcome]).toEqual([
      'tool\na\na\na\n/workspace/work/packages/one/node_modules /pikaci/dependencies/my-modules\na\n',
      passed,
    ]);
    expect(readdirSync(built.workDir).sort()).toEqual(['link', 'packages']);
    expect(readdirSync(join(built.workDir, 'packages/one'))).toEqual([]);
    expect(readdirSync(join(payload.storePath, 'm')).sort()).toEqual(['.bin', 'a']);
  });

  it('hands over what other users of the guest own', async () => {
    const run =
      'mkdir "$PIKACI_OUTPUT/d"; echo > "$PIKACI_OUTPUT/d/f"; ln -s f "$PIKACI_OUTPUT/d/l"; chmod 000 "$PIKACI_OUTPUT/d"; chown -hR 1000:100 "$PIKACI_OUTPUT/d"';
    const { outputDir, outcome } = await buildOn(bench, run);
    expect(outcome).toEqual(passed);
    const [uid, gid] = [process.getuid?.(), process.getgid?.()];
    for (const path of ['d', 'd/f', 'd/l']) {
      expect(lstatSync(join(outputDir, path))).toMatchObject({ uid, gid });
    }
  });

  it('gives its files to a user of the host who could not take them, and ends before what writes on', async () => {
    const run =
      '(while :; do echo > "$PIKACI_OUTPUT/x"; rm -f "$PIKACI_OUTPUT/x"; done) & mkdir -p made "$PIKACI_OUTPUT/d"; echo > "$PIKACI_OUTPUT/d/f"';
    const owner = { uid: 1234, gid: 1235 };
    const { outputDir, workDir, outcome, log } = await buildOn(bench, run, { runtime: { owner } });
    expect(log).toHaveLength(1);
    expect(outcome).toEqual(passed);
    for (const path of [join(outputDir, 'd/f'), join(outputDir, 'd'), join(workDir, 'made')]) {
      expect(lstatSync(path)).toMatchObject(owner);
    }
  });

  it('tells its exit status', async () => {
    const { outcome } = await buildOn(bench, 'exit 97');
    expect(outcome).toEqual({ ok: true, value: { ending: 'exited', exitCode: 97, signal: null } });
  });

  it('is ended when it is cancelled or its time is over, and leaves no instance', async () => {
    const abort = new AbortController();
    const cancelled = await buildOn(bench, 'echo begun; setsid sleep 300 & sleep 300', {
      command: { signal: abort.signal, onOutput: () => abort.abort() },
    });
    expect(cancelled.outcome).toMatchObject({ ok: true, value: { ending: 'cancelled' } });
    expect(await instances()).toEqual([]);
    const late = await buildOn(bench, 'sleep 300', { command: { timeoutSeconds: 1 } });
    expect(late.outcome).toMatchObject({ ok: true, value: { ending: 'timed-out' } });
    expect(await instances()).toEqual([]);
  });

  it('has its grace when it is cancelled, and none any more when it is ended by force', async () => {
    const [cancel, force] = [new AbortController(), new AbortController()];
    const run = 'trap "echo asked" TERM; echo begun; while :; do sleep 300 & wait; done';
    let printed = '';
    const ended = await buildOn(bench, run, {
      runtime: { graceSeconds: 3600 },
      command: {
        signal: cancel.signal,
        force: force.signal,
        onOutput: (chunk) => {
          printed += Buffer.from(chunk).toString();
          cancel.abort();
          if (printed === 'begun\nasked\n') force.abort();
        },
      },
    });
    expect(ended.outcome).toMatchObject({ ok: true, value: { ending: 'cancelled' } });
    expect(printed).toBe('begun\nasked\n');
    expect(await instances()).toEqual([]);
  });

  it.each([
    ['created', 'Creating instance'],
    ['started', 'Starting instance'],
  ])('is given up by force while its instance is %s, and leaves none', async (_, description) => {
    const force = new AbortController();
    let instance = 'none yet';
    const client = createIncusClient({ socketPath: labSettings().socket });
    const events = await client.events(['operation'], ({ metadata }) => {
      const told = JSON.stringify(metadata);
      if (told.includes(description) && told.includes(instance)) force.abort();
    });
    const { signal } = force;
    const ended = await buildOn(bench, 'sleep 300', {
      command: {
        ...{ signal, force: signal },
        onLog: (line) => {
          instance = /in instance (\S+)/.exec(line)?.[1] ?? instance;
        },
      },
    });
    expect(events.ok).toBe(true);
    client.close();
    if (events.ok) events.value.close();
    expect(signal.aborted).toBe(true);
    expect(ended.outcome).toMatchObject({ ok: true, value: { ending: 'cancelled' } });
    expect(await instances()).toEqual([]);
  });

  it('is no verdict on the build when the guest goes away under it', async () => {
    const client = createIncusClient({ socketPath: labSettings().socket });
    const stopping: Promise<unknown>[] = [];
    const stop = async () => {
      const [name = ''] = await instances();
      return client.instances.setState(name, { action: 'stop', force: true, timeoutSeconds: 30 });
    };
    const { outcome } = await buildOn(bench, 'echo begun; sleep 300', {
      command: { onOutput: () => stopping.push(stop()) },
    });
    await Promise.all(stopping);
    client.close();
    expect(outcome).toMatchObject({ ok: false, error: { kind: 'infrastructure' } });
    expect(await instances()).toEqual([]);
  });

  it('leaves what it did to itself for the store to judge', async () => {
    const run =
      'mkfifo "$PIKACI_OUTPUT/pipe"; cp /bin/sh "$PIKACI_OUTPUT/sh"; chmod 4755 "$PIKACI_OUTPUT/sh"';
    const { outputDir, outcome } = await buildOn(bench, run);
    expect(outcome).toEqual(passed);
    expect(lstatSync(join(outputDir, 'pipe')).isFIFO()).toBe(true);
    expect(lstatSync(join(outputDir, 'sh')).mode & 0o7777).toBe(0o4755);
  });
});
