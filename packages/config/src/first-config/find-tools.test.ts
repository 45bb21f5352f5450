import { describe, expect, it } from 'vitest';
import { findTools } from './find-tools.js';

const json = (value: unknown) => JSON.stringify(value);
const pack = (value: object = {}) => ({ 'package.json': json(value) });
const find = (files: Readonly<Record<string, string>>) => findTools(new Map(Object.entries(files)));

/** The commands of all jobs, by id. */
const commands = (files: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    find(files).flatMap(({ jobs }) => jobs.map(({ name, config }) => [name, config.run])),
  );
const payloads = (files: Readonly<Record<string, string>>) =>
  find(files).flatMap((tool) => tool.payloads.map(({ config }) => config));
const notes = (files: Readonly<Record<string, string>>) =>
  find(files).flatMap((tool) => tool.notes);

const scripts = { test: 'node --test', lint: 'eslint .', 'type-check': 'tsc', build: 'vite build' };
const dependencies = { left: '1' };
const lock = { 'package-lock.json': json({ packages: {} }) };

describe('what a project is tested with', () => {
  it.each<[string, Record<string, string>, Record<string, unknown>]>([
    ['nothing', { 'README.md': '' }, {}],
    [
      'scripts of npm, by the names that people give them',
      pack({ scripts: { ...scripts, start: 'x' } }),
      {
        test: 'npm test',
        lint: 'npm run lint',
        typecheck: 'npm run type-check',
        build: 'npm run build',
      },
    ],
    [
      'the placeholder of npm init',
      pack({ scripts: { test: 'echo "Error: no test specified" && exit 1' } }),
      {},
    ],
    ['a script that is empty or no text', pack({ scripts: { test: ' ', lint: 1 } }), {}],
    [
      'pnpm by its lock file',
      { ...pack({ scripts }), 'pnpm-lock.yaml': '' },
      expect.objectContaining({ test: 'pnpm test', lint: 'pnpm run lint' }),
    ],
    [
      'yarn by its lock file',
      { ...pack({ scripts }), 'yarn.lock': '' },
      expect.objectContaining({ test: 'yarn test' }),
    ],
    [
      'the named package manager rather than the lock file',
      { ...pack({ scripts, packageManager: 'pnpm@9.1.0' }), ...lock },
      expect.objectContaining({ test: 'pnpm test' }),
    ],
    [
      "Yarn with Plug'n'Play, which has nothing to mount",
      {
        ...pack({ scripts: { test: 'x' }, dependencies, packageManager: 'yarn@4.1.0' }),
        'yarn.lock': '',
      },
      { test: ['yarn install --immutable --mode=skip-build', 'yarn test'] },
    ],
    [
      'scripts that only packages of a workspace have',
      {
        ...pack({ workspaces: ['./packages/*/'], scripts: { lint: 'eslint .' } }),
        'packages/web/package.json': json({ scripts: { test: 'x', lint: 'y' } }),
        'examples/one/package.json': json({ scripts: { build: 'x' } }),
      },
      { test: 'npm run test --workspaces --if-present', lint: 'npm run lint' },
    ],
    [
      'packages that pnpm-workspace.yaml names and does not take out',
      {
        ...pack({}),
        'pnpm-lock.yaml': '',
        'pnpm-workspace.yaml': "packages: ['libs/**', '!libs/old']\n",
        'libs/a/b/package.json': json({ scripts: { test: 'x' } }),
        'libs/old/package.json': json({ scripts: { build: 'x' } }),
      },
      { test: 'pnpm --recursive --if-present run test' },
    ],
    [
      'targets of Nx rather than scripts of the same name',
      {
        ...pack({ scripts: { test: 'nx run-many -t test', lint: 'eslint .' } }),
        'nx.json': json({
          targetDefaults: { test: {}, '@nx/js:tsc': {} },
          plugins: [
            'x',
            { options: { typecheck: { targetName: 'typecheck' }, buildTargetName: 'build' } },
          ],
        }),
      },
      {
        test: 'npx nx run-many -t test',
        typecheck: 'npx nx run-many -t typecheck',
        build: 'npx nx run-many -t build',
        lint: 'npm run lint',
      },
    ],
    [
      'targets of Nx by project.json and by scripts of packages',
      {
        ...pack({ workspaces: ['libs/*'] }),
        'yarn.lock': '',
        'nx.json': '{}',
        'apps/shop/project.json': json({ targets: { lint: {}, serve: {} } }),
        'libs/a/package.json': json({ scripts: { test: 'x' }, nx: { targets: { build: {} } } }),
      },
      {
        test: 'yarn run nx run-many -t test',
        lint: 'yarn run nx run-many -t lint',
        build: 'yarn run nx run-many -t build',
      },
    ],
    [
      'cargo',
      { 'Cargo.toml': '', 'Cargo.lock': '' },
      {
        fmt: 'cargo fmt --all --check',
        clippy: 'cargo clippy --workspace --all-targets --locked -- -D warnings',
        test: 'cargo test --workspace --locked',
      },
    ],
    [
      'cargo without a lock file',
      { 'Cargo.toml': '' },
      expect.objectContaining({ test: 'cargo test --workspace' }),
    ],
    ['go', { 'go.mod': '' }, { vet: 'go vet ./...', test: 'go test ./...' }],
    [
      'Python with pytest',
      { 'pyproject.toml': '[tool.pytest.ini_options]' },
      { test: 'python3 -m pytest' },
    ],
    [
      'Python with pytest by a file of it',
      { 'setup.py': '', 'conftest.py': '' },
      { test: 'python3 -m pytest' },
    ],
    ['Python with unittest', { 'pyproject.toml': '' }, { test: 'python3 -m unittest discover' }],
    [
      'Python with unittest in a directory',
      { 'requirements.txt': '', 'tests/test_a.py': '' },
      { test: 'python3 -m unittest discover --start-directory tests' },
    ],
    [
      'Python with uv',
      { 'pyproject.toml': 'pytest', 'uv.lock': '' },
      { test: 'uv run --frozen python -m pytest' },
    ],
    [
      'targets of make, and no variables, commands or comments',
      {
        Makefile:
          '.PHONY: test lint\nbuild := out\nlint ::= x\nall: test\n# check: x\ntest other: dep\n\tcheck: x\nfmt \\\nlint:: x\n',
      },
      { test: 'make test', lint: 'make lint' },
    ],
    [
      'the Makefile that make takes',
      { makefile: 'check:\n', Makefile: 'test:\n' },
      { check: 'make check' },
    ],
    [
      'several, with ids of their own where names are shared',
      {
        ...pack({ scripts: { test: 'x', lint: 'y' } }),
        'Cargo.toml': '',
        Makefile: 'test:\nbuild:\n',
      },
      {
        'npm-test': 'npm test',
        lint: 'npm run lint',
        fmt: 'cargo fmt --all --check',
        clippy: 'cargo clippy --workspace --all-targets -- -D warnings',
        'cargo-test': 'cargo test --workspace',
        'make-test': 'make test',
        build: 'make build',
      },
    ],
  ])('finds %s', (_, files, expected) => expect(commands(files)).toEqual(expected));
});

describe('the payload of dependencies', () => {
  const plain = [{ name: 'node-modules', workspacePath: 'node_modules' }];

  it.each<[string, Record<string, string>, unknown]>([
    [
      'npm',
      { ...pack({ dependencies }), ...lock, '.npmrc': '' },
      {
        run: 'npm ci --ignore-scripts',
        inputs: ['package.json', 'package-lock.json', '.npmrc'],
        output: 'node_modules',
        mounts: plain,
      },
    ],
    [
      'npm without a lock file',
      pack({ devDependencies: dependencies }),
      { run: 'npm install --ignore-scripts --no-package-lock', inputs: ['package.json'] },
    ],
    [
      'pnpm',
      { ...pack({ dependencies }), 'pnpm-lock.yaml': '' },
      {
        run: 'pnpm install --frozen-lockfile --ignore-scripts',
        inputs: ['package.json', 'pnpm-lock.yaml'],
        mounts: plain,
      },
    ],
    [
      'yarn 1',
      { ...pack({ dependencies }), 'yarn.lock': '# yarn lockfile v1\n' },
      {
        run: 'yarn install --frozen-lockfile --ignore-scripts',
        inputs: ['package.json', 'yarn.lock'],
      },
    ],
    [
      'yarn with node_modules',
      {
        ...pack({ dependencies }),
        'yarn.lock': '#\n\n__metadata:\n',
        '.yarnrc.yml': 'nodeLinker: node-modules\nyarnPath: .yarn/releases/yarn-4.cjs\n',
      },
      {
        run: 'yarn install --immutable --mode=skip-build',
        inputs: ['package.json', 'yarn.lock', '.yarnrc.yml', '.yarn/releases/yarn-4.cjs'],
      },
    ],
    [
      'a workspace, of which only globs that match are inputs',
      {
        ...pack({ workspaces: { packages: ['libs/*', 'apps/*'] } }),
        ...lock,
        'libs/a/package.json': '{}',
      },
      {
        inputs: ['package.json', 'package-lock.json', 'libs/*/package.json'],
        output: 'node_modules',
        mounts: plain,
      },
    ],
    [
      'a workspace of npm with a package that has modules of its own',
      {
        ...pack({ workspaces: ['libs/*'] }),
        'package-lock.json': json({
          packages: { 'libs/a/node_modules/left': {}, 'node_modules/b': {} },
        }),
        'libs/a/package.json': '{}',
        'libs/b/package.json': '{}',
      },
      {
        run: 'npm ci --ignore-scripts',
        output: '.',
        mounts: [
          { ...plain[0], path: 'node_modules' },
          { name: 'in-libs-a', path: 'libs/a/node_modules', workspacePath: 'libs/a/node_modules' },
        ],
      },
    ],
    [
      'a workspace of pnpm, where each package has modules of its own',
      {
        ...pack({}),
        'pnpm-lock.yaml': '',
        'pnpm-workspace.yaml': 'packages: [libs/*]',
        'libs/a/package.json': json({ dependencies }),
        'libs/b/package.json': '{}',
      },
      {
        run: 'pnpm install --frozen-lockfile --ignore-scripts && mkdir -p libs/a/node_modules',
        inputs: ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'libs/*/package.json'],
        output: '.',
      },
    ],
    [
      'requirements of Python',
      { 'requirements.txt': 'left==1\n', 'requirements-dev.txt': '' },
      {
        run: 'python3 -m pip install --target "$PIKACI_OUTPUT" --requirement requirements.txt --requirement requirements-dev.txt',
        inputs: ['requirements*.txt'],
      },
    ],
  ])('is made for %s', (_, files, expected) => {
    expect(payloads(files)).toEqual([
      expect.objectContaining({ kind: 'command', ...(expected as object) }),
    ]);
  });

  it.each<[string, Record<string, string>]>([
    ['a package without dependencies', { ...pack({ scripts }), ...lock }],
    ['requirements that lead to files of the project', { 'requirements.txt': '-e .\n' }],
    ['packages that uv looks after', { 'requirements.txt': '', 'uv.lock': '' }],
  ])('is not made for %s', (_, files) => expect(payloads(files)).toEqual([]));

  it('is used by the jobs, with the way to it where a program needs one', () => {
    const node = find({ ...pack({ scripts, dependencies }), ...lock })[0]?.jobs;
    expect(node?.map(({ config }) => config.payloads)).toEqual(Array(4).fill(['node-modules']));
    expect(find({ 'requirements.txt': '' })[0]?.jobs[0]?.config).toMatchObject({
      payloads: ['python-packages'],
      env: { PYTHONPATH: '.python-packages' },
    });
  });
});

it('does not show a package manager beside Nx that adds no job', () => {
  const files = { ...pack({ dependencies }), 'nx.json': '{"targetDefaults":{"test":{}}}' };
  expect(find(files).map(({ id }) => id)).toEqual(['nx']);
  expect(find(files)[0]).toMatchObject({
    files: ['nx.json', 'package.json'],
    notes: [expect.stringContaining('no lock file of npm')],
  });
  expect(find({ ...files, ...pack({ scripts }) }).map(({ id }) => id)).toEqual(['nx', 'npm']);
});

it('makes a target of the projects of Nx where its node_modules is mounted, and none elsewhere', () => {
  const files = { ...pack({ dependencies }), 'nx.json': '{"targetDefaults":{"build":{}}}' };
  expect(find(files)[0]?.targets).toMatchObject([
    { id: 'affected', config: { nx: { target: 'build', job: { payloads: ['node-modules'] } } } },
  ]);
  expect(find({ ...files, ...pack({}) })[0]?.targets).toEqual([]);
  const yarn = { ...files, ...pack({ dependencies, packageManager: 'yarn@4.0.0' }) };
  expect(find(yarn)[0]?.targets).toEqual([]);
});

describe('notes', () => {
  it.each<[string, Record<string, string>, string]>([
    ['a broken package.json', { 'package.json': '{' }, 'package.json is no JSON object'],
    [
      'the placeholder',
      pack({ scripts: { test: 'echo "Error: no test specified"' } }),
      'placeholder of npm init',
    ],
    ['a lock file that is missing', pack({ dependencies }), 'no lock file of npm'],
    ['Nx without usual targets', { ...pack({}), 'nx.json': '{}' }, 'no project of Nx has a target'],
    ['a Makefile without usual targets', { Makefile: 'all:\n' }, 'Makefile has no target test'],
    ['Python without requirements', { 'setup.py': '' }, 'installed on this machine'],
  ])('tell of %s', (_, files, expected) => {
    expect(notes(files)).toEqual([expect.stringContaining(expected)]);
  });

  it('are not made where all is well', () => {
    expect(notes({ ...pack({ scripts, dependencies }), ...lock })).toEqual([]);
    expect(notes(pack({ scripts }))).toEqual([]);
  });
});
