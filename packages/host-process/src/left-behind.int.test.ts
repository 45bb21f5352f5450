import { runInChild, type ChildEnd } from '@pikaci/testkit';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Remains } from '@pikaci/model';
import { jobMarks } from '@pikaci/paths';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DyingRun } from './die-with-job.test.helper.js';
import { createJobRig, rigRunId, type JobRig, type RigJob } from './job-rig.test.helper.js';
import { createProcessRuntime } from './process-runtime.js';

let rig: JobRig;
beforeEach(() => {
  rig = createJobRig();
});
afterEach(() => rig.remove());

const runtime = () => createProcessRuntime({ stateRoot: rig.root });

/** Runs a job in a process that is killed when the job has printed a line. */
function die(command: string, namespaces: DyingRun['namespaces']): Promise<ChildEnd> {
  const { runId, job } = rig.execution(command);
  const request: DyingRun = { runId, job, namespaces };
  return runInChild(new URL('die-with-job.test.helper.ts', import.meta.url), 'dieWithJob', request);
}

describe.each(['auto', 'never'] as const)('a killed pikaci (namespaces: %s)', (namespaces) => {
  it('takes its job along, with what left its group and what ignores requests', async () => {
    const fifo = join(rig.root, 'fifo');
    spawnSync('mkfifo', [fifo]);
    const gone = once(createReadStream(fifo).resume(), 'end');
    const command = `exec 9>${fifo}; trap '' TERM HUP
      setsid sh -c 'trap "" TERM HUP; sh -c "echo started; exec sleep 3600"; true' & sleep 3600`;
    expect(await die(command, namespaces)).toMatchObject({ signal: 'SIGKILL', stderr: '' });
    await gone;
    const report = await runtime().sweep(sweeping(() => true));
    expect(report).toEqual({
      removed: [`the working tree of job job (${rigRunId})`],
      problems: [],
    });
    expect(readdirSync(rig.jobDir)).toEqual(['artifacts']);
  });
});

const sweeping = (isAbandoned: (remains: Remains) => boolean) => ({
  isAbandoned: (remains: Remains) => Promise.resolve(isAbandoned(remains)),
  signal: new AbortController().signal,
});

/** A process that looks like one of a job of this rig. */
async function stray(runId: string) {
  const child = spawn('sh', ['-c', 'echo; exec sleep 3600'], {
    env: {
      PATH: process.env['PATH'],
      ...jobMarks({ runId, jobId: 'job', artifactsDir: join(rig.root, 'runs', runId, 'a') }),
    },
  });
  await once(child.stdout, 'data');
  return child;
}

describe('sweep', () => {
  it('ends processes of abandoned runs of this state root, and removes their trees, and no others', async () => {
    const tree = (runId: string) => join(rig.root, 'runs', runId, 'jobs/job/workspace');
    const names = ['20260101T000000Z-aaaaaaaa', '20260101T000000Z-bbbbbbbb'];
    const [dead = '', live = ''] = names;
    for (const name of names) mkdirSync(tree(name), { recursive: true });
    const [left, kept] = [await stray(dead), await stray(live)];
    const ended = once(left, 'exit');
    const report = await runtime().sweep(sweeping(({ runId }) => runId === dead));
    await ended;
    expect(report).toEqual({
      removed: [`1 of the processes of job job (${dead})`, `the working tree of job job (${dead})`],
      problems: [],
    });
    expect(kept.exitCode ?? kept.signalCode).toBeNull();
    expect([existsSync(tree(dead)), existsSync(tree(live))]).toEqual([false, true]);
    const elsewhere = createProcessRuntime({ stateRoot: join(rig.root, 'other') });
    expect(await elsewhere.sweep(sweeping(() => true))).toEqual({ removed: [], problems: [] });
    expect(kept.exitCode ?? kept.signalCode).toBeNull();
    kept.kill('SIGKILL');
  });
});

describe('attach', () => {
  const job: RigJob = { artifacts: ['out/**'] };

  it('takes the result of a job that had ended, with its artifacts', async () => {
    const write = 'mkdir out; echo 1 > out/a; echo 2 >"$PIKACI_ARTIFACTS/own"';
    const ran = await rig.run(`${write}; exit 3`, job);
    const told = await runtime().attach(rig.execution('exit 9', job));
    expect(told).toMatchObject({
      verdict: 'failed',
      exitCode: 3,
      message: ran.message,
      failure: { kind: 'job' },
      artifacts: ['out/a', 'own'],
    });
    expect(ran.artifacts).toEqual(told?.artifacts);
  });

  it('takes the reports of a job that had ended, among its artifacts', async () => {
    const withReports = { ...job, reports: { junit: ['*.xml'] } };
    const ran = await rig.run('mkdir out; echo 1 > out/a; echo 2 > r.xml; exit 3', withReports);
    const told = await runtime().attach(rig.execution('exit 9', withReports));
    expect(told).toMatchObject({ artifacts: ['out/a', 'r.xml'], reports: ['r.xml'] });
    expect([ran.artifacts, ran.reports]).toEqual([told?.artifacts, told?.reports]);
  });

  it.each([
    ['left no result', (result: string) => rmSync(result)],
    [
      'passed, but for what this machine could not keep of it',
      (result: string) => {
        const text = JSON.parse(readFileSync(result, 'utf8')) as object;
        writeFileSync(result, JSON.stringify({ ...text, status: 'failed', exit_code: 0 }));
      },
    ],
    ['left half a result', (result: string) => writeFileSync(result, '{"status": "compl')],
    [
      'had been ended by pikaci',
      (result: string) => {
        const text = {
          schema_version: 1,
          status: 'failed',
          finished_at: '',
          message: '',
          exit_code: null,
        };
        writeFileSync(result, JSON.stringify(text));
      },
    ],
  ])('has nothing to tell of a job that %s, and takes its tree away', async (_, damage) => {
    await rig.run('true', job);
    damage(join(rig.artifactsDir, 'result.json'));
    mkdirSync(join(rig.jobDir, 'layers/work'), { recursive: true });
    expect(await runtime().attach(rig.execution('true', job))).toBeNull();
    expect(readdirSync(rig.jobDir)).toEqual(['artifacts']);
  });

  it('ends what still runs of the job, and has it run again', async () => {
    await rig.run('true', job);
    const execution = rig.execution('true', job);
    const left = spawn('sh', ['-c', 'echo; exec sleep 3600'], {
      env: {
        PATH: process.env['PATH'],
        ...jobMarks({ ...execution, jobId: 'job', artifactsDir: rig.artifactsDir }),
      },
    });
    await once(left.stdout, 'data');
    const ended = once(left, 'exit');
    expect(await runtime().attach(execution)).toBeNull();
    await ended;
  });
});
