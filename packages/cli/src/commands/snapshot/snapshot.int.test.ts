import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { chmodSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capturedIo } from '../../captured-io.test.helper.js';
import { runCli } from '../../run-cli.js';

const config = {
  schemaVersion: 1,
  defaultTarget: 'all',
  jobs: { unit: { run: 'true' } },
  targets: { all: { jobs: ['unit'], paths: ['src/**'] } },
  snapshot: { include: ['ignored/kept'], exclude: ['*.md'] },
};

let workspace: TestWorkspace;
beforeEach(() => {
  workspace = createTestWorkspace({ git: true });
  workspace.write('pikaci.config.json', JSON.stringify(config));
  workspace.write('.gitignore', '.pikaci\nignored\n');
  workspace.write('changed', 'one');
  workspace.write('script', '#!/bin/sh\n');
  workspace.write('removed', 'r');
  workspace.write('README.md', 'excluded');
  workspace.commit();
});
afterEach(() => workspace.remove());

async function cli(...argv: string[]) {
  const io = capturedIo({ cwd: workspace.root, env: { PATH: process.env['PATH'] } });
  const code = await runCli(argv, io);
  return { code, bytes: io.stdout.bytes, stdout: io.stdout.text, stderr: io.stderr.text };
}

async function json(...argv: string[]): Promise<Record<string, unknown>> {
  const { stdout } = await cli(...argv, '--output', 'json');
  return JSON.parse(stdout) as Record<string, unknown>;
}

async function run(): Promise<string> {
  const record = await json('run');
  expect(record).toMatchObject({ status: 'passed' });
  return record['run_id'] as string;
}

/** Two runs, with a change of every kind between them. */
async function runTwice(): Promise<readonly [string, string]> {
  const first = await run();
  workspace.write('changed', 'two');
  chmodSync(join(workspace.root, 'script'), 0o755);
  rmSync(join(workspace.root, 'removed'));
  workspace.write('two\nlines', 'new');
  const odd = Buffer.concat([Buffer.from(`${workspace.root}/`), Buffer.from([0x66, 0xff])]);
  writeFileSync(odd, 'odd');
  workspace.write('another.md', 'excluded');
  return [first, await run()];
}

const included = [
  '.gitignore',
  'changed',
  'script',
  'removed',
  'pikaci.config.json',
  'ignored/kept',
];
const sizeOf = (paths: readonly string[]) =>
  paths.reduce((sum, path) => sum + statSync(join(workspace.root, path)).size, 0);

describe('pikaci snapshot show', () => {
  it('shows the snapshot of the latest run, of a run and of a hash alike', async () => {
    workspace.write('ignored/kept', 'k');
    const first = await run();
    const second = await run();
    const shown = await json('snapshot', 'show');
    const { hash } = (await json('snapshot', 'hash')) as { hash: string };
    expect(shown).toMatchObject({
      hash,
      hash_version: 'git-tree-v2',
      source_root: workspace.root,
      git_head: workspace.git('rev-parse', 'HEAD').trim(),
      git_dirty: true,
      dir: join(workspace.root, '.pikaci/cache/snapshots', hash, 'snapshot'),
      file_count: included.length,
      link_count: 0,
      size_bytes: sizeOf(included),
    });
    expect((shown['runs'] as string[]).toSorted()).toEqual([first, second].toSorted());
    expect(await json('snapshot', 'show', first)).toEqual(shown);
    expect(await json('snapshot', 'show', hash.slice(0, 8))).toEqual(shown);
    const text = await cli('snapshot', 'show', 'latest');
    expect(text.stdout).toContain(`snapshot ${hash}\n`);
    expect(text.stdout).toContain(second);
  });

  it('tells the head of the run that is named, also when an earlier one has taken the snapshot', async () => {
    const head = () => workspace.git('rev-parse', 'HEAD').trim();
    const before = { git_head: head(), git_dirty: true };
    workspace.write('changed', 'two');
    const first = await run();
    workspace.commit();
    const after = { git_head: head(), git_dirty: false };
    await run();
    const shown = await json('snapshot', 'show', 'latest');
    expect(shown['runs']).toHaveLength(2);
    expect(shown).toMatchObject(after);
    expect(await json('snapshot', 'show', first)).toMatchObject(before);
    expect(await json('snapshot', 'show', shown['hash'] as string)).toMatchObject(before);
  });

  it('prints the earlier hash of its files', async () => {
    workspace.git('rm', '-rq', '--cached', '.');
    for (const path of ['changed', 'script', 'removed', 'README.md', '.gitignore']) {
      rmSync(join(workspace.root, path));
    }
    workspace.write('.gitignore', '.pikaci\n');
    await run();
    const { stdout, code } = await cli('snapshot', 'show', 'latest', '--hash', 'v1');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^[0-9a-f]{64}\n$/);
    // Nothing of this workspace is left out by name, so it is that of the workspace as well.
    expect(await json('snapshot', 'hash', '--hash', 'v1')).toEqual({
      schema_version: 1,
      content_hash: stdout.trim(),
      hash_version: 'v1',
      profile: 'full',
    });
    const rust = await cli('snapshot', 'hash', '--hash', 'v1', '--profile', 'staged-linux-rust');
    expect(rust.stdout).toBe(stdout);
    workspace.write('ios/x', 'x');
    const without = await cli('snapshot', 'hash', '--hash=v1', '--profile=staged-linux-rust');
    expect(without.stdout).toBe(stdout);
    expect((await cli('snapshot', 'hash', '--hash=v1')).stdout).not.toBe(stdout);
  });

  it('says what it cannot find, and what was meant', async () => {
    const none = await cli('snapshot', 'show');
    expect(none).toMatchObject({ code: 2 });
    expect(none.stderr).toContain('There is no run yet');
    const skipped = await cli('run', 'all', '--changed-files', '/dev/null', '--output', 'json');
    const { run_id: id } = JSON.parse(skipped.stdout) as { run_id: string };
    expect((await cli('snapshot', 'show', id)).stderr).toContain(`The run ${id} has no snapshot`);
    const first = await run();
    const { dir } = (await json('snapshot', 'show')) as { dir: string };
    rmSync(join(dir, '..'), { recursive: true });
    const gone = await cli('snapshot', 'show', first);
    expect(gone.code).toBe(2);
    expect(gone.stderr).toContain('it was removed, or it was made with another state root');
    expect((await cli('snapshot', 'show', 'deadbeef')).stderr).toContain(
      'There is no run `deadbeef`',
    );
  });
});

describe('pikaci snapshot diff', () => {
  it('shows what differs, and prints no name raw that a terminal might obey', async () => {
    const [first, second] = await runTwice();
    const { stdout, code } = await cli('snapshot', 'diff', first, second);
    expect(code).toBe(0);
    expect(stdout).toBe(`modified  changed
added     "f\\377"
removed   removed
mode      script  100644 → 100755
added     "two\\nlines"
5 paths differ: 1 modified, 2 added, 1 removed, 1 with another mode
`);
    const names = await cli('snapshot', 'diff', first, 'latest', '--name-only');
    expect(names.stdout).toBe('changed\n"f\\377"\nremoved\nscript\n"two\\nlines"\n');
    const raw = await cli('snapshot', 'diff', first, second, '-z');
    const wanted = [
      Buffer.from('changed\0f'),
      Buffer.from([0xff]),
      Buffer.from('\0removed\0script\0two\nlines\0'),
    ];
    expect(raw.bytes).toEqual(Buffer.concat(wanted));
  });

  it('tells programs', async () => {
    const [first, second] = await runTwice();
    const record = await json('snapshot', 'diff', first, second);
    expect(record).toMatchObject({
      before: { run_id: first },
      after: { run_id: second },
      same: false,
      counts: { added: 2, removed: 1, modified: 1, mode: 1 },
    });
    expect(record['changes']).toContainEqual({
      path: 'f\ufffd',
      path_base64: Buffer.from([0x66, 0xff]).toString('base64'),
      change: 'added',
      mode_before: null,
      mode_after: '100644',
    });
    const { hash } = record['before'] as { hash: string };
    const byHash = await json('snapshot', 'diff', hash, second);
    expect(byHash).toMatchObject({ before: { hash, run_id: null }, same: false });
  });

  it('ends with 1 for different snapshots only when asked to', async () => {
    const [first, second] = await runTwice();
    const codeOf = async (...argv: string[]) => (await cli('snapshot', 'diff', ...argv)).code;
    expect(await codeOf(first, second, '--exit-code')).toBe(1);
    expect(await codeOf(second, second, '--exit-code')).toBe(0);
    expect((await cli('snapshot', 'diff', second, 'latest')).stdout).toBe(
      'the snapshots are the same\n',
    );
    expect(await codeOf(first, 'no-such-run')).toBe(2);
  });
});

describe('pikaci snapshot hash', () => {
  it('is the hash that a plan and a run use, with the globs of the configuration', async () => {
    workspace.write('ignored/kept', 'k');
    const { stdout } = await cli('snapshot', 'hash');
    const plan = await json('plan');
    expect(JSON.stringify(plan)).toContain(stdout.trim());
    const { snapshot_hash: hash } = await json('run');
    expect(hash).toBe(stdout.trim());
    workspace.write('other.md', 'excluded');
    expect((await cli('snapshot', 'hash')).stdout).toBe(stdout);
    workspace.write('ignored/kept', 'changed');
    expect((await cli('snapshot', 'hash')).stdout).not.toBe(stdout);
  });

  it('refuses a profile without the hash that has one', async () => {
    const { code, stderr } = await cli('snapshot', 'hash', '--profile', 'full');
    expect(code).toBe(2);
    expect(stderr).toContain('--profile has no meaning without --hash v1');
  });
});
