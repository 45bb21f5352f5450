import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runLayout } from '@pikaci/paths';
import { createRunStore } from '@pikaci/store';
import { jobRecordOf, runRecordOf } from '@pikaci/testkit';
import type { RunRecord } from '@pikaci/model';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { runCli } from '../run-cli.js';

let root = '';
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'pikaci-list-'));
  await record(1, { targetId: 'web', status: 'passed' });
  await record(2, { targetId: 'web', status: 'failed' });
  await record(3, { targetId: 'api', status: 'failed' });
  await record(4, { targetId: null, status: 'skipped' });
});
afterEach(() => rmSync(root, { recursive: true }));

const stateRoot = () => join(root, '.pikaci');
const idOf = (second: number) => `2026030${second}T000001Z-aaaa000${second}`;

async function record(second: number, different: Partial<RunRecord>): Promise<void> {
  const createdAt = `2026-03-0${second}T00:00:01.000+00:00`;
  const run = runRecordOf([jobRecordOf('unit')], { runId: idOf(second), createdAt, ...different });
  const created = await createRunStore({ stateRoot: stateRoot() }).create(run);
  if (created.ok) await created.value.close();
}

async function list(...argv: readonly string[]) {
  const io = capturedIo({ cwd: root });
  const code = await runCli(['list', ...argv], io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

describe('list --format tsv', () => {
  it('prints one line a run, newest first, and needs no configuration', async () => {
    expect(await list('--format', 'tsv')).toEqual({
      code: 0,
      stdout: [
        `${idOf(4)}\tskipped\tunit\t2026-03-04T00:00:01.000+00:00\n`,
        `${idOf(3)}\tfailed\tapi\t2026-03-03T00:00:01.000+00:00\n`,
        `${idOf(2)}\tfailed\tweb\t2026-03-02T00:00:01.000+00:00\n`,
        `${idOf(1)}\tpassed\tweb\t2026-03-01T00:00:01.000+00:00\n`,
      ].join(''),
      stderr: '',
    });
  });

  it('prints nothing where nothing was ever run', async () => {
    expect(await list('--format', 'tsv', '--state-root', join(root, 'none'))).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
  });

  it('tells damaged records on standard error alone', async () => {
    mkdirSync(runLayout(stateRoot(), idOf(5)).runDir);
    writeFileSync(runLayout(stateRoot(), idOf(5)).runFile, '{');
    const { code, stdout, stderr } = await list('--format', 'tsv');
    expect(code).toBe(0);
    expect(stdout.split('\n')).toHaveLength(5);
    expect(stderr).toContain('is damaged');
  });

  it('refuses a second format', async () => {
    expect(await list('--format', 'tsv', '--json')).toMatchObject({ code: 2 });
  });
});

describe('the filters of list', () => {
  const ids = async (...argv: readonly string[]) => {
    const { stdout } = await list('--format', 'tsv', ...argv);
    return stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')[0]]));
  };

  it('leave in the runs of a target, or with a status, or both', async () => {
    expect(await ids('--target', 'web')).toEqual([idOf(2), idOf(1)]);
    expect(await ids('--status', 'failed')).toEqual([idOf(3), idOf(2)]);
    expect(await ids('--target', 'web', '--status', 'failed')).toEqual([idOf(2)]);
  });

  it('take several statuses, with commas or as options of their own', async () => {
    const several = [idOf(4), idOf(1)];
    expect(await ids('--status', 'passed,skipped')).toEqual(several);
    expect(await ids('--status', 'passed', '--status', 'skipped')).toEqual(several);
  });

  it('come before the limit, whose earlier name is known as well', async () => {
    expect(await ids('--status', 'failed,passed', '--limit', '1')).toEqual([idOf(3)]);
    expect(await ids('--runs', '2')).toEqual([idOf(4), idOf(3)]);
  });

  it('hold for the catalogue and for JSON too', async () => {
    writeFileSync(join(root, 'pikaci.config.json'), '{"schemaVersion":1,"jobs":{}}');
    const { stdout } = await list('--target', 'web', '--json', '--limit', '1');
    const { runs } = JSON.parse(stdout) as { readonly runs: readonly { run_id: string }[] };
    expect(runs.map((run) => run.run_id)).toEqual([idOf(2)]);
    const shown = await list('--status', 'passed');
    expect(shown.stdout).toContain(idOf(1));
    expect(shown.stdout).not.toContain(idOf(2));
  });

  it('say which statuses there are', async () => {
    const { code, stderr } = await list('--status', 'green');
    expect(code).toBe(2);
    expect(stderr).toContain('running, passed, failed, skipped');
    expect((await list('--help')).stdout).not.toContain('--runs');
  });
});
