import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { workspaceSetupScript, type WorkspaceSetup } from './workspace-setup.js';

const setup: WorkspaceSetup = {
  snapshotDir: '/pikaci-test/snapshot',
  workDir: '/pikaci-test/work',
  layersDir: '/pikaci-test/layers',
  mode: 'overlay',
  mounts: [],
  verify: [],
};

const hasMountInfo = existsSync('/proc/self/mountinfo');

function run(changes: Partial<WorkspaceSetup>): { status: number | null; stderr: string } {
  const script = `${workspaceSetupScript({ ...setup, ...changes })}echo reached`;
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
  expect(stdout).toBe('');
  return { status, stderr };
}

describe('workspaceSetupScript', () => {
  it('ends with its own status and one line that says what is missing', () => {
    expect(run({})).toEqual({
      status: 97,
      stderr: 'pikaci-setup: there is no snapshot at /pikaci-test/snapshot\n',
    });
  });

  it('names the mount that is not there', () => {
    const verify = [{ name: 'node', path: '/pikaci-test/node' }];
    expect(run({ mode: 'read-only', snapshotDir: '/', workDir: '/', verify }).stderr).toMatch(
      /is the root directory/,
    );
    expect(run({ mode: 'read-only', snapshotDir: '/usr', workDir: '/usr', verify })).toEqual({
      status: 97,
      stderr: 'pikaci-setup: mount "node": there is no /pikaci-test/node\n',
    });
  });

  it.runIf(hasMountInfo)('finds out that nothing is mounted where a mount should be', () => {
    const verify = [{ name: 'node', path: '/usr/bin' }];
    expect(run({ mode: 'read-only', snapshotDir: '/usr', workDir: '/usr', verify }).stderr).toBe(
      'pikaci-setup: mount "node": nothing is mounted at /usr/bin\n',
    );
  });

  it.runIf(hasMountInfo)('finds out that a mount is writable', () => {
    const verify = [{ name: 'proc', path: '/proc' }];
    expect(run({ mode: 'read-only', snapshotDir: '/usr', workDir: '/usr', verify }).stderr).toBe(
      'pikaci-setup: mount "proc": /proc is writable\n',
    );
  });

  it.each([
    ['relative/path', 'is not absolute'],
    ['/a/../b', 'leads out with \\"..\\"'],
    ['/a\nb', 'holds a control character'],
    ['/a\0b', 'holds a control character'],
  ])('refuses the path %j', (path, problem) => {
    const { status, stderr } = run({ mounts: [{ name: 'm', source: path, target: '/x' }] });
    expect(status).toBe(97);
    const unescaped = problem.replaceAll('\\"', '"');
    expect(stderr).toBe(`pikaci-setup: mount "m": the path ${JSON.stringify(path)} ${unescaped}\n`);
  });
});
