import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capturedIo } from './captured-io.test.helper.js';
import { runCli } from './run-cli.js';

const config = {
  schemaVersion: 1,
  defaultTarget: 'web',
  jobs: { shop: { run: 'echo shop' }, server: { run: 'echo server' }, lint: { run: 'echo lint' } },
  targets: {
    web: { jobs: ['shop'], paths: ['web/**', '!**/*.md'] },
    api: { jobs: ['server'], paths: ['api/**'] },
  },
};

/** The workspace lies below the root of its repository. */
let repository: TestWorkspace;
const workspaceRoot = () => join(repository.root, 'shop');
beforeEach(() => {
  repository = createTestWorkspace({ git: true });
  repository.write('shop/pikaci.config.json', JSON.stringify(config));
  repository.write('shop/.gitignore', '.pikaci\n');
  repository.write('shop/web/src/cart.ts', '1\n');
  repository.commit();
});
afterEach(() => repository.remove());

async function cliReading(stdin: string, ...argv: string[]) {
  const io = capturedIo({
    cwd: workspaceRoot(),
    env: { PATH: process.env['PATH'] },
    uid: process.getuid?.() ?? null,
    readStdin: () => Promise.resolve(stdin),
  });
  const code = await runCli(argv, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}
const cli = (...argv: string[]) => cliReading('', ...argv);
const latest = async () =>
  JSON.parse((await cli('status', 'latest', '--json')).stdout) as Record<string, unknown>;

describe('run --changed-since', () => {
  it('runs the targets that a change matters to, says why, and records what it went by', async () => {
    repository.write('shop/web/src/cart.ts', '2\n');
    repository.write('elsewhere/file', 'x');
    const { code, stdout } = await cli('run', 'web', 'api', '--changed-since', 'HEAD');
    expect(code).toBe(0);
    expect(stdout).toContain(
      'target web: web/src/cart.ts matches web/**\n' +
        'target api: skipped, none of 1 changed file matches its 1 pattern\n',
    );
    expect(stdout).toContain('✓ shop passed');
    expect(stdout).not.toContain('server');
    expect(await latest()).toMatchObject({
      status: 'passed',
      target_id: 'web',
      changed_files: ['web/src/cart.ts'],
      filters: ['web/**', '!**/*.md', 'api/**'],
      jobs: [{ id: 'shop' }],
    });
  });

  it('records a skipped run, visibly, when no change matters', async () => {
    repository.write('shop/web/README.md', 'x');
    const { code, stdout } = await cli('run', '--changed-since', 'HEAD');
    const message = 'nothing selected: none of 1 changed file matches 2 patterns';
    expect(code).toBe(0);
    expect(stdout).toContain('target web: skipped, none of 1 changed file');
    expect(stdout).toMatch(/run \S+ skipped/u);
    expect(stdout).toContain(message);
    expect(await latest()).toMatchObject({
      status: 'skipped',
      target_id: 'web',
      message,
      changed_files: ['web/README.md'],
      jobs: [],
    });
  });

  it('ends with 4 when nothing is left to run and that is to be a failure', async () => {
    const filter = ['--changed-since', 'HEAD', '--fail-on-skip'];
    const skipped = await cli('run', ...filter, '--output', 'json');
    expect(skipped.code).toBe(4);
    expect(JSON.parse(skipped.stdout)).toMatchObject({ status: 'skipped' });
    expect(skipped.stderr).toBe('target web: skipped, nothing changed\n');
    expect((await cli('plan', ...filter)).code).toBe(4);
    repository.write('shop/web/src/cart.ts', '2\n');
    expect((await cli('run', ...filter)).code).toBe(0);
  });

  it('runs jobs that are named, and nothing else, when nothing changed', async () => {
    const { code, stdout } = await cli('run', 'web', 'lint', '--changed-since', 'HEAD');
    expect(code).toBe(0);
    expect(stdout).toContain('job lint: runs whatever changed, since it is named\n');
    expect(await latest()).toMatchObject({ status: 'passed', jobs: [{ id: 'lint' }] });
  });

  it('refuses an unknown revision with 2, before anything is written', async () => {
    const { code, stdout, stderr } = await cli('run', '--changed-since', 'nope');
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('The revision "nope" of --changed-since names no commit');
    expect(stderr).toContain('next:');
    expect(existsSync(join(workspaceRoot(), '.pikaci'))).toBe(false);
  });
});

describe('run --changed-files', () => {
  it('takes the list from standard input or from a file', async () => {
    const fromInput = await cliReading('web/a.ts\n', 'run', '--changed-files', '-');
    expect(fromInput.stdout).toContain('target web: web/a.ts matches web/**');
    repository.write('shop/list', 'docs/a\ndocs/b\n');
    const fromFile = await cli('run', '--changed-files', 'list');
    expect(fromFile.stdout).toContain('none of 2 changed files matches its 2 patterns');
  });

  it('refuses a list that cannot be read, or leaves the workspace, with 2', async () => {
    const missing = await cli('run', '--changed-files', 'nope');
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain('The list of changed files nope cannot be read');
    const outside = await cliReading('../x\n', 'run', '--changed-files', '-');
    expect(outside.code).toBe(2);
    expect(outside.stderr).toContain('standard input:1');
  });

  it('makes names harmless that it shows', async () => {
    const name = 'web/\u001b]0;owned\u0007a\n::error::b';
    const { stdout } = await cliReading(`${name}\0`, 'plan', '--changed-files', '-');
    expect(stdout).toContain('target web: web/a␊::error::b matches web/**\n');
  });
});

describe('without a filter', () => {
  it.each([[[]], [['--all']]])('a clean tree is no skip: %j', async (options) => {
    const { code, stdout } = await cli('run', ...options);
    expect(code).toBe(0);
    expect(stdout).toContain('✓ shop passed');
    expect(await latest()).toMatchObject({ changed_files: [], filters: [] });
  });
});

describe('plan', () => {
  it('shows the same selection, and no node when nothing is left', async () => {
    repository.write('shop/api/main.ts', 'x');
    const some = await cli('plan', 'web', 'api', '--changed-since', 'HEAD');
    expect(some.stdout).toContain('target api: api/main.ts matches api/**\n');
    expect(some.stdout).toContain('execute-server');
    expect(some.stdout).not.toContain('execute-shop');
    const none = await cli('plan', '--changed-since', 'HEAD');
    expect(none.code).toBe(0);
    expect(none.stdout).toContain('nothing selected: none of 1 changed file matches 2 patterns');
    const json = await cli('plan', '--changed-since', 'HEAD', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ target_id: 'web', nodes: [] });
    expect(existsSync(join(workspaceRoot(), '.pikaci'))).toBe(false);
  });
});
