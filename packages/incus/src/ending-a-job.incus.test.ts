import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIncusWorkbench, labSettings, type IncusWorkbench } from './fixtures/incus-job.js';

let bench: IncusWorkbench;
let count = 0;
const nextId = () => `ending-${(count += 1)}`;

beforeAll(async () => {
  bench = await createIncusWorkbench();
});
afterAll(async () => {
  await bench[Symbol.asyncDispose]();
});

/** Shells of the two images: busybox, and dash with the usual programs. */
const guests = [
  { name: 'busybox, root', image: () => labSettings().image, user: null },
  { name: 'busybox, another user', image: () => labSettings().image, user: '1000:1000' },
  { name: 'dash, another user', image: () => labSettings().debianImage, user: '1000:1000' },
] as const;

/** Three processes that say that they were asked to end: the command, one of its session, and one of another session. */
const family = `
term() { echo "$1 asked"; exit 0; }
( trap 'term child' TERM; : >/tmp/child; while :; do sleep 0.05; done ) &
setsid sh -c 'trap "echo stranger asked; exit 0" TERM; : >/tmp/stranger; while :; do sleep 0.05; done' &
trap 'term parent' TERM
while ! [ -e /tmp/child ] || ! [ -e /tmp/stranger ]; do sleep 0.05; done
echo ready
while :; do sleep 0.05; done`;

describe.each(guests)('in a guest with $name', ({ image, user }) => {
  it('a cancelled job and all it started are asked to end, and what they say is kept', async () => {
    const cancel = new AbortController();
    const job = await bench.run(family, {
      id: nextId(),
      image: image(),
      job: { user, cancelGraceSeconds: 30 },
      signal: cancel.signal,
      onOutput: (text) => {
        if (text.includes('ready')) cancel.abort();
      },
    });
    expect(job.outcome.failure?.kind).toBe('cancelled');
    // Shells may add that their `sleep` was terminated.
    expect(
      job.log
        .split('\n')
        .filter((line) => /asked|ready/.test(line))
        .sort(),
    ).toEqual(['child asked', 'parent asked', 'ready', 'stranger asked']);
    expect(job.left).toEqual([]);
  });

  it('a job that takes too long ends with its results, also where it ignores the request', async () => {
    const job = await bench.run(
      `trap 'echo no' TERM; echo result >"$PIKACI_ARTIFACTS/result"
       ( trap '' TERM; while :; do sleep 0.05; done ) &
       while :; do sleep 0.05; done`,
      { id: nextId(), image: image(), job: { user, timeoutSeconds: 1, cancelGraceSeconds: 0.5 } },
    );
    expect(job.outcome).toMatchObject({
      exitCode: null,
      failure: { kind: 'timeout', message: 'timed out after 1s' },
      artifacts: ['result'],
    });
    // A shell may have remarked before that its own `sleep` was terminated.
    expect(job.log).toMatch(/^no$/m);
  });
});

describe('a job', () => {
  it('that is cancelled by force is not waited for', async () => {
    const force = new AbortController();
    const job = await bench.run(`trap '' TERM; echo ready; while :; do sleep 0.05; done`, {
      id: nextId(),
      job: { cancelGraceSeconds: 3600 },
      signal: force.signal,
      force: force.signal,
      onOutput: () => {
        force.abort();
      },
    });
    expect(job.outcome.failure?.kind).toBe('cancelled');
    expect(job.left).toEqual([]);
  });

  it('that reboots its guest is an infrastructure failure', async () => {
    const job = await bench.run('echo bye; kill -TERM 1; sleep 60', { id: nextId() });
    expect(job.outcome.failure?.kind).toBe('infrastructure');
    expect(job.log).toBe('bye\n');
  });
});
