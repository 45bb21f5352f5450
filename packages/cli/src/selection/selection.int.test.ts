import type { RunRecord } from '@pikaci/model';
import { createRunStore } from '@pikaci/store';
import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { runCli } from '../run-cli.js';

let workspace: TestWorkspace;
beforeEach(() => {
  workspace = createTestWorkspace({ git: true });
  const config = {
    schemaVersion: 1,
    jobs: {
      build: { run: 'true' },
      lint: { run: 'true', tags: ['quick'] },
      unit: { run: 'test "$(cat verdict)" = green', needs: ['build'] },
      e2e: { run: 'true', needs: ['unit', 'lint'] },
    },
    targets: { all: { jobs: ['e2e'] } },
  };
  workspace.write('pikaci.config.json', JSON.stringify(config));
  workspace.write('.gitignore', '.pikaci\n');
  workspace.write('verdict', 'red\n');
  workspace.commit();
});
afterEach(() => workspace.remove());

const stateRoot = () => join(workspace.root, '.pikaci');

async function cli(...argv: string[]) {
  const io = capturedIo({ cwd: workspace.root, env: { PATH: process.env['PATH'] } });
  const code = await runCli(argv, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

async function latest(): Promise<RunRecord> {
  const read = await createRunStore({ stateRoot: stateRoot() }).read('latest');
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
}
const statuses = ({ jobs }: RunRecord) => jobs.map(({ id, status }) => `${id} ${status}`).sort();

describe('run --failed', () => {
  it('runs what failed and what was never run, and goes by the results of the rest', async () => {
    expect((await cli('run')).code).toBe(1);
    const first = await latest();
    expect(statuses(first)).toEqual(['build passed', 'e2e skipped', 'lint passed', 'unit failed']);
    workspace.write('verdict', 'green\n');
    const second = await cli('run', '--failed');
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(second.stdout).toContain(`not run again, passed in run ${first.runId}: build, lint`);
    const record = await latest();
    expect(statuses(record)).toEqual(['e2e passed', 'unit passed']);
    expect(record).toMatchObject({
      status: 'passed',
      targetId: 'all',
      reusedResults: [
        { jobId: 'build', runId: first.runId },
        { jobId: 'lint', runId: first.runId },
      ],
    });
    // All of the target has passed now, in one run or the other.
    const third = await cli('run', '--failed', 'latest', '--fail-on-skip');
    expect(third.code).toBe(4);
    expect(third.stdout).toContain(`nothing selected: every job passed in run ${record.runId}`);
  });

  it('runs nothing that the run was not of, unless it is named', async () => {
    await cli('run', '--only', 'unit');
    const first = await latest();
    expect(statuses(first)).toEqual(['build passed', 'unit failed']);
    workspace.write('verdict', 'green\n');
    expect((await cli('run', '--failed')).code).toBe(0);
    const second = await latest();
    expect(statuses(second)).toEqual(['unit passed']);
    expect(second.targetId).toBe('all');
    expect((await cli('run', '--failed')).stdout).toContain('every job passed in run');
    await cli('run', 'all', '--failed', first.runId);
    expect(statuses(await latest())).toEqual(['e2e passed', 'lint passed', 'unit passed']);
  });

  it('says that the configuration has no job any more that the run was of', async () => {
    await cli('run', '--only', 'lint');
    const { runId } = await latest();
    const config = { schemaVersion: 1, jobs: { other: { run: 'true' } } };
    const targets = { all: { jobs: ['other'] } };
    workspace.write('pikaci.config.json', JSON.stringify({ ...config, targets }));
    const { code, stderr } = await cli('run', '--failed');
    expect(code).toBe(2);
    expect(stderr).toContain(`None of the jobs of run ${runId} is there any more`);
  });

  it('takes a name behind it for a slip', async () => {
    await cli('run');
    const { code, stderr } = await cli('run', '--failed', 'unit');
    expect(code).toBe(2);
    expect(stderr).toContain('npx pikaci run unit --failed');
  });

  it('says that there is no run to go by', async () => {
    const none = await cli('run', '--failed');
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('There is no run yet');
  });
});

describe('rerun', () => {
  it('runs the same again on the files that the run had, whatever has become of them', async () => {
    await cli('run');
    const first = await latest();
    workspace.write('verdict', 'green\n');
    expect((await cli('rerun')).code).toBe(1);
    const again = await latest();
    expect(again).toMatchObject({ rerunOf: first.runId, snapshotHash: first.snapshotHash });
    expect(statuses(again)).toEqual(statuses(first));
    const failed = await cli('rerun', first.runId, '--failed');
    expect(failed.code).toBe(1);
    expect(statuses(await latest())).toEqual(['e2e skipped', 'unit failed']);
  });

  it('runs of a target what the run had of it', async () => {
    await cli('run', '--except', 'unit');
    const first = await latest();
    expect(statuses(first)).toEqual(['build passed', 'lint passed']);
    await cli('rerun');
    const again = await latest();
    expect(again).toMatchObject({ rerunOf: first.runId, targetId: 'all' });
    expect(statuses(again)).toEqual(statuses(first));
  });

  it('says that the files are not there any more', async () => {
    await cli('run');
    rmSync(join(stateRoot(), 'cache/snapshots'), { recursive: true });
    const gone = await cli('rerun');
    expect(gone.code).toBe(2);
    expect(gone.stderr).toContain('it is not in the store any more');
  });
});

describe('run with options on jobs', () => {
  it('runs what is left, and plan shows the same', async () => {
    const plan = await cli('plan', '--only', 'unit', '--json');
    const { nodes } = JSON.parse(plan.stdout) as { readonly nodes: readonly { id: string }[] };
    expect(nodes.map(({ id }) => id)).toEqual(['execute-build', 'execute-unit']);
    expect((await cli('run', '--tag', 'quick')).code).toBe(0);
    expect(statuses(await latest())).toEqual(['lint passed']);
    expect((await cli('run', '--except', 'unit,lint')).code).toBe(0);
    expect(statuses(await latest())).toEqual(['build passed']);
    const slip = await cli('run', '--only', 'unti');
    expect(slip.code).toBe(2);
    expect(slip.stderr).toContain('No selected job matches --only unti');
  });

  it('runs from a job on what needs it, when the rest has passed some time', async () => {
    const early = await cli('run', '--from', 'unit');
    expect(early.code).toBe(2);
    expect(early.stderr).toContain('Job "build" is needed, and has not passed in any run');
    await cli('run', 'build', 'lint');
    workspace.write('verdict', 'green\n');
    const later = await cli('run', '--from', 'unit');
    expect(later).toMatchObject({ code: 0, stderr: '' });
    expect(statuses(await latest())).toEqual(['e2e passed', 'unit passed']);
  });

  it('plans what is run without what is not run again', async () => {
    await cli('run');
    const plan = await cli('plan', '--failed', '--json');
    const { nodes } = JSON.parse(plan.stdout) as {
      readonly nodes: readonly { readonly id: string; readonly depends_on: readonly string[] }[];
    };
    expect(nodes.map(({ id, depends_on }) => [id, depends_on])).toEqual([
      ['execute-unit', []],
      ['execute-e2e', ['execute-unit']],
    ]);
  });

  it('can be broken off and gone on with, and the results that are reused stay so', async () => {
    const at = (name: string) => join(stateRoot(), name);
    const waits = `if [ -e ${at('go')} ]; then true; else [ -e ${at('try')} ] && echo waiting && sleep 60; fi`;
    const config = {
      schemaVersion: 1,
      jobs: { a: { run: 'true' }, b: { run: waits, needs: ['a'] } },
    };
    workspace.write('pikaci.config.json', JSON.stringify(config));
    await cli('run', 'b');
    const first = await latest();
    expect(statuses(first)).toEqual(['a passed', 'b failed']);
    workspace.write('.pikaci/try', '');
    const io = capturedIo({ cwd: workspace.root, env: { PATH: process.env['PATH'] } });
    const running = runCli(['run', '--failed', '--verbose'], io);
    while (!io.stdout.text.includes('waiting')) await new Promise(setImmediate);
    io.signals.emit('SIGINT');
    expect(await running).toBe(130);
    workspace.write('.pikaci/go', '');
    expect(await cli('resume')).toMatchObject({ code: 0, stderr: '' });
    const record = await latest();
    expect(statuses(record)).toEqual(['b passed']);
    expect(record.reusedResults).toEqual([{ jobId: 'a', runId: first.runId }]);
  });
});
