import { createIncusClient } from '@pikaci/incus-client';
import { phaseNames } from '@pikaci/model';
import { instanceName } from '@pikaci/paths';
import { createCuttableProxy } from '@pikaci/testkit';
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIncusWorkbench, labSettings, type IncusWorkbench } from './fixtures/incus-job.js';

let bench: IncusWorkbench;
let count = 0;
const nextId = () => `job-${(count += 1)}`;

beforeAll(async () => {
  bench = await createIncusWorkbench();
  await bench.snapshotFile('src/hello.txt', 'hello\n');
  await bench.snapshotFile('packages/x/index.txt', 'package x\n');
});
afterAll(async () => {
  await bench[Symbol.asyncDispose]();
});

async function instanceExists(jobId: string): Promise<boolean> {
  const client = createIncusClient({ socketPath: labSettings().socket });
  const read = await client.instances.get(instanceName(bench.runId, jobId));
  client.close();
  return read.ok;
}

const modules = () =>
  bench.payload({
    id: 'modules',
    files: { 'dep/index.txt': 'dependency\n' },
    mounts: [{ name: 'tree', relativePath: '.', workspacePath: 'node_modules' }],
  });
const tool = () =>
  bench.payload({
    id: 'tool',
    files: { 'bin/say': '#!/bin/sh\necho said "$@"\n' },
    mounts: [
      { name: 'root', relativePath: '.', guestPath: '/opt/tool', addToPath: ['bin'] },
      { name: 'single', relativePath: 'bin/say', guestPath: '/opt/say-alone' },
    ],
  });

describe('a job in an Incus instance', () => {
  it('finds snapshot and payloads in place, passes, records its phases and leaves nothing', async () => {
    const id = nextId();
    const phases: string[] = [];
    const job = await bench.run(
      'set -e; cat src/hello.txt node_modules/dep/index.txt; say "$PIKACI_JOB_ID"; /opt/say-alone "$CI"; echo "$PIKACI_MOUNT_TREE $PWD"',
      { id, payloads: [await modules(), await tool()], onPhase: (phase) => phases.push(phase) },
    );
    expect(job.outcome).toMatchObject({ verdict: 'passed', exitCode: 0, failure: null });
    expect(job.log).toBe(
      `hello\ndependency\nsaid ${id}\nsaid true\n/workspace/work/node_modules /workspace/work\n`,
    );
    const expected = phaseNames.filter((phase) => phase !== 'start_services');
    expect(phases).toEqual(expected);
    expect(job.outcome.execution?.phases.map((phase) => phase.phase)).toEqual(expected);
    expect(job.outcome.payloads).toMatchObject([
      { id: 'modules', mounts: [{ deviceName: 'pk-modules-tree' }] },
      { id: 'tool', mounts: [{ guestPath: '/opt/tool' }, { guestPath: '/opt/say-alone' }] },
    ]);
    expect(job.left).toEqual([]);
    expect(await instanceExists(id)).toBe(false);
  });

  it('may change its working tree, and the snapshot stays as it was', async () => {
    const job = await bench.run('rm src/hello.txt && echo new >src/new.txt && ls src', {
      id: nextId(),
    });
    expect(job.log).toBe('new.txt\n');
    expect(await readFile(join(bench.stateRoot, 'snapshot/src/hello.txt'), 'utf8')).toBe('hello\n');
    expect(await readdir(join(bench.stateRoot, 'snapshot/src'))).toEqual(['hello.txt']);
  });

  it('cannot write to a payload, not even as root of the guest', async () => {
    const job = await bench.run(
      [
        'touch node_modules/x 2>/dev/null && echo wrote-tree',
        'touch /opt/tool/x 2>/dev/null && echo wrote-guest',
        'mount -o remount,rw,bind node_modules 2>/dev/null && echo remounted-tree',
        'mount -o remount,rw /opt/tool 2>/dev/null && echo remounted-guest',
        'touch /workspace/snapshot/x 2>/dev/null && echo wrote-snapshot',
        'id -u',
      ].join('; '),
      { id: nextId(), payloads: [await modules(), await tool()] },
    );
    expect(job.log).toBe('0\n');
  });

  it('runs on the snapshot itself when its workspace is read-only', async () => {
    const job = await bench.run('pwd; touch x 2>/dev/null || echo refused', {
      id: nextId(),
      workspaceMode: 'read-only',
    });
    expect(job.log).toBe('/workspace/snapshot\nrefused\n');
  });

  it('runs as the user it asks for, in a tree it may write to', async () => {
    const job = await bench.run('id -u; id -g; echo x >mine && cat mine', {
      id: nextId(),
      job: { user: '1000:100' },
    });
    expect(job.log).toBe('1000\n100\nx\n');
  });

  it('reports the exit status of its command', async () => {
    const job = await bench.run('echo oops >&2; exit 42', { id: nextId() });
    expect(job.outcome).toMatchObject({
      verdict: 'failed',
      exitCode: 42,
      failure: { kind: 'job', message: 'exited with 42' },
    });
    expect(job.log).toBe('oops\n');
  });

  it('keeps what it put among the artifacts, and the files it declared', async () => {
    const job = await bench.run(
      'mkdir -p out/deep; echo a >out/a.txt; echo b >out/deep/b.txt; echo c >"$PIKACI_ARTIFACTS/c"; ln -s /etc/passwd out/link',
      { id: nextId(), job: { artifacts: ['out/**', 'missing/*.xml'] } },
    );
    expect(job.outcome.artifacts).toEqual(['c', 'out/a.txt', 'out/deep/b.txt']);
    expect(await readFile(join(job.artifactsDir, 'out/deep/b.txt'), 'utf8')).toBe('b\n');
    expect(job.outcome.notes).toEqual([
      'Artifact out/link is a symbolic link and was left',
      'No file matches the artifact pattern missing/*.xml',
    ]);
  });

  it('is stopped at its time limit, and its output up to then is kept', async () => {
    const id = nextId();
    const job = await bench.run('echo before; sleep 600 & sleep 600', {
      id,
      job: { timeoutSeconds: 1 },
    });
    expect(job.outcome.failure).toMatchObject({ kind: 'timeout', message: 'timed out after 1s' });
    expect(job.outcome.exitCode).toBeNull();
    expect(job.log).toBe('before\n');
    expect(await instanceExists(id)).toBe(false);
  });

  it('is ended when it is cancelled, and leaves nothing', async () => {
    const id = nextId();
    const cancel = new AbortController();
    const job = await bench.run('echo started; sleep 600', {
      id,
      signal: cancel.signal,
      onOutput: () => {
        cancel.abort();
      },
    });
    expect(job.outcome.failure?.kind).toBe('cancelled');
    expect(job.log).toBe('started\n');
    expect(await instanceExists(id)).toBe(false);
  });

  it.each([
    ['kills its supervisor', 'echo before; kill -9 $PPID; sleep 60'],
    ['deletes what pikaci keeps in the guest', 'echo before; rm -rf /var/lib/pikaci/output'],
  ])('that %s is an infrastructure failure at once', async (_, command) => {
    const job = await bench.run(command, { id: nextId() });
    expect(job.outcome).toMatchObject({
      exitCode: null,
      failure: { kind: 'infrastructure', reason: 'its supervisor in the guest was killed' },
    });
    expect(job.log).toMatch(/^(before\n)?$/);
  });

  it('is not held up by artifacts that are no files', async () => {
    const job = await bench.run('cd "$PIKACI_ARTIFACTS"; mkfifo b c d; echo x >a', {
      id: nextId(),
    });
    expect(job.outcome.verdict).toBe('passed');
    expect(job.outcome.artifacts).toEqual(['a']);
    expect(job.outcome.notes.at(-1)).toContain('Collecting was given up');
  });

  it('that loses its instance is an infrastructure failure with all its output', async () => {
    const job = await bench.run(
      'echo last words; sleep 0.2; kill -PWR 1; kill -TERM 1; sleep 600',
      {
        id: nextId(),
      },
    );
    expect(job.outcome.failure?.kind).toBe('infrastructure');
    expect(job.log).toBe('last words\n');
  });
});

describe('the output of a job', () => {
  const bytes = 3_000_000;
  const noise = `head -c ${bytes} /dev/urandom >"$PIKACI_ARTIFACTS/noise"; cat "$PIKACI_ARTIFACTS/noise"`;

  it('is complete to the byte', async () => {
    const job = await bench.run(noise, { id: nextId() });
    const expected = await readFile(join(job.artifactsDir, 'noise'));
    expect(job.log.length).toBe(bytes);
    expect(sha256(Buffer.from(job.log, 'latin1'))).toBe(sha256(expected));
  });

  it('is complete although the connection is cut again and again', async () => {
    await using proxy = await createCuttableProxy(labSettings().socket);
    let cuts = 0;
    let seen = 0;
    const lines = 300;
    const job = await bench.run(
      `i=0; while [ $i -lt ${lines} ]; do echo "line $i"; echo "error $i" >&2; i=$((i+1)); sleep 0.01; done; exit 5`,
      {
        id: nextId(),
        socket: proxy.socketPath,
        onOutput: (text) => {
          seen += text.split('\n').length - 1;
          if (cuts < 3 && seen > (cuts + 1) * 100) {
            cuts += 1;
            proxy.cut();
          }
        },
      },
    );
    expect(cuts).toBe(3);
    expect(job.outcome).toMatchObject({ exitCode: 5, failure: { kind: 'job' } });
    const numbered = (prefix: string) =>
      [...Array(lines).keys()].map((index) => `${prefix} ${index}\n`).join('');
    const of = (prefix: string) =>
      job.log.match(new RegExp(`^${prefix} \\d+\\n`, 'gm'))?.join('') ?? '';
    expect(of('line')).toBe(numbered('line'));
    expect(of('error')).toBe(numbered('error'));
    expect(job.log.length).toBe(numbered('line').length + numbered('error').length);
    expect(job.hostLog.some((line) => line.includes('attaching again'))).toBe(true);
  });
});

describe('an Incus that cannot take the job', () => {
  it('is an infrastructure failure that names the socket when nothing listens there', async () => {
    const job = await bench.run('true', { id: nextId(), socket: '/nonexistent/unix.socket' });
    expect(job.outcome.failure).toMatchObject({
      kind: 'infrastructure',
      hint: expect.stringContaining('/nonexistent/unix.socket') as string,
    });
  });

  it('is an infrastructure failure that names the image when there is none', async () => {
    const job = await bench.run('true', { id: nextId(), image: 'no-such-image' });
    expect(job.outcome.failure).toMatchObject({
      kind: 'infrastructure',
      message: 'There is no image "no-such-image" in project "default"',
    });
  });
});

function sha256(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
