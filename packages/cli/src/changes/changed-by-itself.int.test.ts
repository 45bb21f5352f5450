import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { runCli } from '../run-cli.js';

const config = {
  schemaVersion: 1,
  defaultTarget: 'web',
  jobs: { shop: { run: 'echo shop' }, server: { run: 'echo server' } },
  targets: {
    web: { jobs: ['shop'], paths: ['web/**'] },
    api: { jobs: ['server'], paths: ['api/**'] },
    all: { jobs: ['shop'] },
  },
};

/** What the clones are of: `feature` has one commit more than `main`. */
let origin: TestWorkspace;
let clone: string;
beforeEach(() => {
  origin = createTestWorkspace({ git: true });
  origin.write('pikaci.config.json', JSON.stringify(config));
  origin.write('.gitignore', '.pikaci\n');
  origin.commit();
  origin.git('checkout', '--quiet', '-b', 'feature');
  origin.write('web/cart.ts', '1\n');
  origin.commit();
  clone = realpathSync(mkdtempSync(join(tmpdir(), 'pikaci-clone-')));
});
afterEach(() => {
  origin.remove();
  rmSync(clone, { recursive: true, force: true });
});

const env = () => ({ PATH: process.env['PATH'], HOME: origin.root, GIT_CONFIG_NOSYSTEM: '1' });
const inClone = (...args: string[]) =>
  execFileSync('git', args, { cwd: clone, env: env(), stdio: 'pipe', encoding: 'utf8' });
const cloneOrigin = (...options: string[]) =>
  inClone('clone', '--quiet', '--branch', 'feature', ...options, `file://${origin.root}`, '.');

async function plan(variables: Record<string, string>, ...options: string[]) {
  const io = capturedIo({ cwd: clone, env: { ...env(), ...variables } });
  const code = await runCli(['plan', 'web', 'api', ...options], io);
  expect(io.stderr.text).toBe('');
  expect(code).toBe(0);
  return io.stdout.text;
}
const changed = (variables: Record<string, string>) => plan(variables, '--changed');

const pullRequest = {
  CI: 'true',
  GITHUB_ACTIONS: 'true',
  GITHUB_EVENT_NAME: 'pull_request',
  GITHUB_BASE_REF: 'main',
};

describe('--changed in a CI service', () => {
  it('takes the branch that the pull request is for, and says so', async () => {
    cloneOrigin();
    expect(await changed(pullRequest)).toContain(
      'changes since origin/main, the branch that the pull request is for (GitHub Actions)\n' +
        'target web: web/cart.ts matches web/**\n' +
        'target api: skipped, none of 1 changed file matches its 1 pattern\n',
    );
  });

  it('runs everything in a shallow clone, says what to do, and knows the base when that is done', async () => {
    cloneOrigin('--depth', '1');
    const shallow = await changed(pullRequest);
    expect(shallow).toContain(
      'changes unknown, everything runs: GitHub Actions: not in this clone: origin/main;' +
        ' next: give actions/checkout "fetch-depth: 0"\n',
    );
    expect(shallow).toContain('execute-server');
    inClone('fetch', '--quiet', '--depth', '1', 'origin', '+main:refs/remotes/origin/main');
    const apart = await changed(pullRequest);
    expect(apart).toContain('no common ancestor here; next: give actions/checkout');
    expect(apart).toContain('execute-server');
    inClone('fetch', '--quiet', '--unshallow', 'origin');
    const whole = await changed(pullRequest);
    expect(whole).toContain('target web: web/cart.ts matches web/**');
    expect(whole).not.toContain('execute-server');
  });

  it('takes what was there before a push from the file of the event', async () => {
    cloneOrigin();
    const file = join(clone, '.git/event.json');
    const push = { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'push', GITHUB_EVENT_PATH: file };
    const before = inClone('rev-parse', 'origin/main').trim();
    writeFileSync(file, JSON.stringify({ before }));
    expect(await changed(push)).toContain(`changes since ${before}, what was there before`);
    rmSync(file);
    expect(await changed(push)).toContain('the file of the event does not say');
  });

  it('takes the next best base that is in the clone', async () => {
    cloneOrigin();
    const gitlab = {
      GITLAB_CI: 'true',
      CI_MERGE_REQUEST_DIFF_BASE_SHA: 'b'.repeat(40),
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
    };
    expect(await changed(gitlab)).toContain(
      'changes since origin/main, the branch that the merge request is for (GitLab CI)',
    );
  });

  it.each<[string, Record<string, string>]>([
    ['a pull request whose branch is not what is checked out', pullRequest],
    ['a service that is not known', { CI: 'true' }],
  ])('runs everything where the base is what is checked out: %s', async (_, variables) => {
    cloneOrigin();
    inClone('checkout', '--quiet', 'origin/main');
    const told = await changed(variables);
    expect(told).toContain('what is checked out holds no commit that is not in it');
    expect(told).toContain('execute-server');
  });

  it('hints at the option when none on changes is given and a target has paths', async () => {
    cloneOrigin();
    const hint = 'hint: on GitHub Actions, --changed leaves out';
    const told = await plan(pullRequest);
    expect(told.split('\n').filter((line) => line.startsWith(hint))).toHaveLength(1);
    expect(told).toContain('execute-server');
    expect(await plan(pullRequest, '--all')).not.toContain('hint');
    expect(await plan({ CI: 'true' })).not.toContain('hint');
    const io = capturedIo({ cwd: clone, env: { ...env(), ...pullRequest } });
    await runCli(['plan', 'all'], io);
    expect(io.stdout.text).not.toContain('hint');
  });
});

describe('--changed elsewhere', () => {
  it('takes the default branch of origin, whatever its name', async () => {
    origin.git('branch', '--quiet', '-m', 'main', 'trunk');
    origin.git('symbolic-ref', 'HEAD', 'refs/heads/trunk');
    cloneOrigin();
    expect(await changed({})).toContain(
      'changes since origin/trunk, the default branch\ntarget web: web/cart.ts matches',
    );
  });

  it('takes main or master where origin has told nothing', async () => {
    cloneOrigin();
    inClone('symbolic-ref', '--delete', 'refs/remotes/origin/HEAD');
    expect(await changed({})).toContain('changes since origin/main, the default branch');
    inClone('branch', 'master', 'origin/main');
    inClone('remote', 'remove', 'origin');
    expect(await changed({})).toContain('changes since master, the default branch');
  });

  it('runs everything without any of them', async () => {
    cloneOrigin();
    inClone('remote', 'remove', 'origin');
    const told = await changed({});
    expect(told).toContain('everything runs: not in this clone: origin/main');
    expect(told).toContain('next: name a base with --changed-since');
    expect(told).toContain('execute-server');
  });

  it('skips in a clean default branch, where a person asks', async () => {
    cloneOrigin();
    inClone('checkout', '--quiet', 'origin/main');
    expect(await changed({})).toContain('target web: skipped, nothing changed');
  });

  it('goes with no other option on changes', async () => {
    cloneOrigin();
    for (const other of ['--all', '--changed-since=main', '--changed-files=-']) {
      const io = capturedIo({ cwd: clone, env: env() });
      expect(await runCli(['run', '--changed', other], io)).toBe(2);
      expect(io.stderr.text).toContain('cannot be used with');
    }
  });
});
