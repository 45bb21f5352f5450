import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { runCli } from '../run-cli.js';

let workspace: TestWorkspace;
beforeEach(() => (workspace = createTestWorkspace({ git: true })));
afterEach(() => workspace.remove());

async function pikaci(...argv: string[]) {
  const { PATH, HOME } = process.env;
  const io = capturedIo({ cwd: workspace.root, env: { PATH, HOME } });
  const code = await runCli(argv, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}
const read = (path: string) => readFileSync(join(workspace.root, path), 'utf8');
const write = (files: Readonly<Record<string, string>>) => {
  for (const [path, text] of Object.entries(files)) workspace.write(path, text);
};

const npm = {
  'package.json': JSON.stringify({
    name: 'a',
    version: '1.0.0',
    scripts: { test: 'node -e "process.exit(0)"' },
  }),
  'package-lock.json': JSON.stringify({
    name: 'a',
    version: '1.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: { '': { name: 'a', version: '1.0.0' } },
  }),
};

/** Its own package is all that npm has to install: no network. */
const npmWorkspace = {
  'package.json': JSON.stringify({
    name: 'all',
    version: '1.0.0',
    workspaces: ['libs/*'],
    scripts: { test: 'node test.mjs' },
  }),
  'package-lock.json': JSON.stringify({
    name: 'all',
    version: '1.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { name: 'all', version: '1.0.0', workspaces: ['libs/*'] },
      'libs/one': { version: '1.0.0' },
      'node_modules/one': { resolved: 'libs/one', link: true },
    },
  }),
  'libs/one/package.json': JSON.stringify({ name: 'one', version: '1.0.0', main: 'one.js' }),
  'libs/one/one.js': 'module.exports = 1;\n',
  'test.mjs': "import one from 'one';\nconsole.log('one is', one);\n",
};

const projects = {
  nothing: {},
  npm,
  'a workspace of npm': npmWorkspace,
  Nx: { 'package.json': '{}', 'nx.json': '{"targetDefaults":{"test":{}}}' },
  cargo: { 'Cargo.toml': '' },
  go: { 'go.mod': '' },
  Python: { 'requirements.txt': 'pytest\n' },
  make: { Makefile: 'test:\n\techo tested\n' },
};

describe('init', () => {
  it.each(Object.entries(projects))('writes what can be planned for %s', async (_, files) => {
    write(files);
    expect(await pikaci('init')).toMatchObject({ code: 0, stderr: '' });
    const planned = await pikaci('plan', '--json');
    expect(planned).toMatchObject({ code: 0, stderr: '' });
    expect(planned.stdout).toContain('"execute-test"');
  });

  it.each([
    ['npm', npm, 'node -e'],
    ['a workspace of npm, with its payload', npmWorkspace, 'one is 1'],
    ['make', projects.make, 'tested'],
    ['nothing', {}, 'put the command that tests this project'],
  ])('writes what runs green for %s', async (_, files, printed) => {
    write(files);
    await pikaci('init');
    const ran = await pikaci('run', '--verbose');
    expect(ran.stdout + ran.stderr).toContain('✓ test passed');
    expect(ran.code).toBe(0);
    expect((await pikaci('logs', 'latest', '--job', 'test')).stdout).toContain(printed);
  });

  it('writes jobs that say what is missing where a tool is not there', async () => {
    write({ Makefile: 'test:\n' });
    await pikaci('init');
    workspace.write(
      'pikaci.config.yaml',
      read('pikaci.config.yaml').replace('make test', 'mkae test'),
    );
    const { code, stdout } = await pikaci('run');
    expect(code).toBe(1);
    expect(stdout).toContain('test failed: exited with 127\n    next:  A program was not found');
  });

  it('says what it found and wrote, and what comes next', async () => {
    write({ ...npm, Makefile: 'test:\n' });
    const { stdout } = await pikaci('init');
    expect(stdout).toContain('  npm   package.json, package-lock.json  jobs npm-test\n');
    expect(stdout).toContain('  make  Makefile                         jobs make-test\n');
    expect(stdout).toContain('note: where the Makefile calls the other tools, take out');
    expect(stdout).toContain(`wrote ${join(workspace.root, 'pikaci.config.yaml')}\n`);
    expect(stdout).toContain('npx pikaci plan');
  });

  it.each(['yaml', 'json', 'ts'])('writes %s when that is wanted', async (format) => {
    await pikaci('init', '--format', format);
    expect(existsSync(join(workspace.root, `pikaci.config.${format}`))).toBe(true);
    expect(await pikaci('plan', '--json')).toMatchObject({ code: 0 });
  });

  it('writes nothing with --dry-run, and shows all of it', async () => {
    write(projects.make);
    const { code, stdout } = await pikaci('init', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain('run: make test\n');
    expect(existsSync(join(workspace.root, 'pikaci.config.yaml'))).toBe(false);
    expect(existsSync(join(workspace.root, '.gitignore'))).toBe(false);
    await pikaci('init');
    expect(stdout).toContain(read('pikaci.config.yaml').trimEnd());
    // Also where there is one already, which stays as it is.
    const again = await pikaci('init', '--dry-run');
    expect(again.code).toBe(0);
    expect(again.stdout).toContain(read('pikaci.config.yaml').trimEnd());
  });

  it('tells programs the same', async () => {
    write(projects.make);
    const told: unknown = JSON.parse((await pikaci('init', '--json')).stdout);
    expect(told).toEqual({
      schema_version: 1,
      found: [{ id: 'make', files: ['Makefile'], jobs: ['test'] }],
      notes: [],
      file: join(workspace.root, 'pikaci.config.yaml'),
      written: true,
      text: read('pikaci.config.yaml'),
      gitignore: 'added',
    });
  });

  it('needs a directory that is there', async () => {
    const { code, stderr } = await pikaci('init', '-C', 'nowhere');
    expect(code).toBe(2);
    expect(stderr).toContain(`There is no directory ${join(workspace.root, 'nowhere')}`);
  });

  it('takes no --config', async () => {
    expect(await pikaci('init', '--config', 'x.yaml')).toMatchObject({ code: 2 });
  });
});

describe('a configuration that is there already', () => {
  it.each(['pikaci.config.yaml', 'pikaci.config.yml', 'pikaci.config.mjs'])(
    'named %s is left alone',
    async (name) => {
      workspace.write(name, 'mine');
      const { code, stderr } = await pikaci('init');
      expect(code).toBe(2);
      expect(stderr).toContain(`There is a configuration already: ${name}`);
      expect(read(name)).toBe('mine');
    },
  );

  it('is written anew with --force', async () => {
    workspace.write('pikaci.config.yaml', 'mine');
    expect(await pikaci('init', '--force')).toMatchObject({ code: 0 });
    expect(read('pikaci.config.yaml')).toContain('schemaVersion: 1');
  });

  it('is not taken away, nor joined by another one, with --force', async () => {
    workspace.write('pikaci.config.yaml', 'mine');
    expect(await pikaci('init', '--force', '--format', 'ts')).toMatchObject({ code: 2 });
    expect(read('pikaci.config.yaml')).toBe('mine');
    expect(existsSync(join(workspace.root, 'pikaci.config.ts'))).toBe(false);
  });

  it('further up keeps nobody from writing one, and is told of', async () => {
    workspace.write('pikaci.config.yaml', 'mine');
    workspace.write('below/Makefile', 'test:\n');
    const { code, stdout } = await pikaci('init', '-C', 'below');
    expect(code).toBe(0);
    expect(stdout).toContain(`and no longer ${join(workspace.root, 'pikaci.config.yaml')}`);
    expect(read('below/pikaci.config.yaml')).toContain('make test');
  });
});

describe('.gitignore', () => {
  it.each([
    ['no file', undefined, '.pikaci/\n'],
    ['a file', 'dist\n', 'dist\n.pikaci/\n'],
    ['a file whose last line has no end', 'dist', 'dist\n.pikaci/\n'],
  ])('gets .pikaci/ where there is %s', async (_, before, after) => {
    if (before !== undefined) workspace.write('.gitignore', before);
    expect((await pikaci('init')).stdout).toContain('added .pikaci/');
    expect(read('.gitignore')).toBe(after);
  });

  it.each(['.pikaci', '.pikaci/', '/.pikaci/*', '.*'])(
    'stays as it is with %s',
    async (pattern) => {
      workspace.write('.gitignore', `${pattern}\n`);
      expect((await pikaci('init')).stdout).not.toContain('.gitignore');
      expect(read('.gitignore')).toBe(`${pattern}\n`);
    },
  );

  it('is recommended for directories full of what tools have installed, until they are in it', async () => {
    workspace.write('node_modules/a/index.js', '');
    workspace.write('target/debug/a', '');
    const said = await pikaci('init', '--dry-run');
    expect(said.stdout).toContain(
      'note: each snapshot will have node_modules and target, since git does not ignore them: add them to .gitignore',
    );
    workspace.write('.gitignore', 'node_modules\ntarget/\n');
    expect((await pikaci('init', '--dry-run')).stdout).not.toContain('each snapshot will have');
  });

  it('is no way out where there is no repository: the configuration is', async () => {
    const plain = createTestWorkspace();
    plain.write('node_modules/a/index.js', '');
    const { stdout } = await pikaci('init', '-C', plain.root);
    plain.remove();
    expect(stdout).toContain('put it into snapshot.exclude of the configuration');
  });

  it('is not made outside of a repository', async () => {
    const plain = createTestWorkspace();
    await pikaci('init', '-C', plain.root);
    expect(existsSync(join(plain.root, 'pikaci.config.yaml'))).toBe(true);
    expect(existsSync(join(plain.root, '.gitignore'))).toBe(false);
    plain.remove();
  });
});
