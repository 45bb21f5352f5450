import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { capturedIo } from './captured-io.test.helper.js';
import { runCli } from './run-cli.js';

let workspace: TestWorkspace;
beforeEach(() => {
  workspace = createTestWorkspace({ git: true });
  const { root } = workspace;
  workspace.write('.gitignore', '.pikaci\nvendor\n');
  workspace.write('vendor/directory/a', 'directory ');
  workspace.write('vendor/top/bin/say', '#!/bin/sh\necho said\n');
  workspace.write('vendor/top/b', 'archive ');
  chmodSync(join(root, 'vendor/top/bin/say'), 0o755);
  spawnSync('tar', ['-czf', 'archive.tar.gz', 'top'], { cwd: join(root, 'vendor') });
  workspace.write('vendor/nix-output/c', 'nix ');
  workspace.write('vendor/path/nix', `#!/bin/sh\necho '${root}/vendor/nix-output'\n`);
  chmodSync(join(root, 'vendor/path/nix'), 0o755);
  vi.stubEnv('PATH', `${root}/vendor/path${delimiter}${process.env['PATH']}`);
  workspace.write('pikaci.config.json', JSON.stringify(config()));
  workspace.commit();
});
afterEach(() => {
  vi.unstubAllEnvs();
  workspace.remove();
});

const mountAt = (name: string) => [{ name, path: '.', workspacePath: `in/${name}` }];
/** A build that adds its name to what it finds in the payloads it depends on. */
const step = (name: string, ...dependsOn: string[]) => ({
  kind: 'command',
  dependsOn,
  run: `ls in > "$PIKACI_OUTPUT/in"; cat in/*/[abcx] > "$PIKACI_OUTPUT/x"; printf '${name} ' >> "$PIKACI_OUTPUT/x"`,
  mounts: mountAt(name),
});

function config(): object {
  const archive = readFileSync(join(workspace.root, 'vendor/archive.tar.gz'));
  return {
    schemaVersion: 1,
    payloads: {
      directory: {
        kind: 'directory',
        source: 'vendor/directory',
        immutable: true,
        mounts: mountAt('directory'),
      },
      archive: {
        kind: 'archive',
        source: 'vendor/archive.tar.gz',
        sha256: createHash('sha256').update(archive).digest('hex'),
        stripComponents: 1,
        mounts: mountAt('archive'),
        entrypoints: [{ name: 'say', path: 'bin/say' }],
      },
      nix: { kind: 'nix', installable: '.#deps', mounts: mountAt('nix') },
      one: step('one', 'directory', 'archive', 'nix'),
      two: step('two', 'one'),
      three: step('three', 'two'),
      four: step('four', 'three', 'one'),
    },
    jobs: {
      all: {
        run: 'cat in/four/x in/directory/a in/archive/b in/nix/c; ls in; ${payload:archive:entrypoint:say}',
        payloads: ['four', 'directory', 'archive', 'nix'],
      },
      deep: { run: 'cat in/four/in in/three/in', payloads: ['four', 'three'] },
    },
  };
}

async function cli(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const io = capturedIo({
    cwd: workspace.root,
    env: { PATH: process.env['PATH'] },
    uid: process.getuid?.() ?? null,
  });
  const code = await runCli(argv, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

/** What the job printed in the only run there is. */
function logOf(jobId: string): string {
  const runs = join(workspace.root, '.pikaci/runs');
  const [run] = readdirSync(runs).filter((name) => /^\d{8}T/.test(name));
  return readFileSync(join(runs, run ?? '', 'jobs', jobId, 'artifacts/guest.log'), 'utf8');
}

it('builds payloads of each kind for builds four deep, and mounts what each has asked for', async () => {
  const first = await cli('run', 'all');
  expect(first).toMatchObject({ code: 0, stderr: '' });
  const one = 'archive directory nix one ';
  const three = `${one}two three `;
  expect(first.stdout).toContain('payload nix built in');
  expect(logOf('all')).toBe(
    `${one}${three}four directory archive nix archive\ndirectory\nfour\nnix\nsaid\n`,
  );
});

it('shows each build the payloads that it names and none of those that they are made of', async () => {
  expect((await cli('run', 'deep')).code).toBe(0);
  expect(logOf('deep')).toBe('one\nthree\ntwo\n');
});

it('finds them all in the store although what they are made of is gone', async () => {
  expect((await cli('run', 'all')).code).toBe(0);
  for (const name of ['directory', 'archive.tar.gz', 'path']) {
    rmSync(join(workspace.root, 'vendor', name), { recursive: true });
  }
  const again = await cli('run', 'all');
  expect(again).toMatchObject({ code: 0, stderr: '' });
  expect(again.stdout).not.toContain('built in');
});

it('says what is wrong with the archive and fails the jobs that need it alone', async () => {
  workspace.write('vendor/archive.tar.gz', 'another file');
  const { code, stdout, stderr } = await cli('run', 'all');
  expect(code).toBe(1);
  expect(stdout + stderr).toContain('is not the declared one');
  expect(stdout + stderr).toContain('is expected');
});
