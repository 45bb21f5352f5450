import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shellCommand } from '../shell-quote.js';
import { workspaceSetupScript, type WorkspaceSetup } from './workspace-setup.js';

const isRoot = process.getuid?.() === 0;
const asUser = ['unshare', '--user', '--map-current-user', '--mount', '--keep-caps', '--'];
const enter = isRoot ? ['unshare', '--mount', '--'] : asUser;

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pikaci-setup-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A setup whose every path holds this text. */
function setupIn(odd: string, mode: WorkspaceSetup['mode'] = 'overlay'): WorkspaceSetup {
  const dir = (name: string): string => join(root, `${name}${odd}`);
  const workDir = dir('work');
  for (const name of ['snapshot', 'payload', 'elsewhere']) mkdirSync(dir(name));
  mkdirSync(join(dir('snapshot'), 'point'));
  writeFileSync(join(dir('snapshot'), 'file'), 'snapshot');
  writeFileSync(join(dir('payload'), 'file'), 'payload');
  return {
    snapshotDir: dir('snapshot'),
    workDir,
    layersDir: dir('layers'),
    mode,
    mounts: [
      { name: 'tree', source: dir('payload'), target: join(workDir, 'point') },
      { name: 'away', source: dir('payload'), target: dir('elsewhere') },
    ],
    verify: [],
  };
}

function run(command: readonly string[]): { status: number | null; out: string; err: string } {
  const [program = '', ...args] = command;
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return { status, out: stdout, err: stderr };
}

const cat = (setup: WorkspaceSetup): string =>
  shellCommand([
    'cat',
    join(setup.workDir, 'file'),
    join(setup.workDir, 'point/file'),
    join(setup.mounts[1]!.target, 'file'),
  ]);

describe('a working tree that the script has set up', () => {
  it.each([
    ['plain names', ''],
    ['colons and commas', 'a:b,c=d'],
    ['blanks and quotes', ` 'single' "double" $HOME \`x\``],
    ['backslashes', String.raw`a\b\040\n%s%b`],
    ['other letters', 'ü-日本-*?[a]'],
  ])('has its mounts where paths hold %s', (_name, odd) => {
    const setup = setupIn(odd);
    const script = `${workspaceSetupScript(setup)}${cat(setup)}`;
    expect(run([...enter, 'sh', '-c', script])).toEqual({
      status: 0,
      out: 'snapshotpayloadpayload',
      err: '',
    });
    expect(existsSync(join(setup.mounts[1]!.target, 'file'))).toBe(false);
  });

  it('is read-only when it is to be', () => {
    const setup = setupIn(' odd', 'read-only');
    const touch = shellCommand(['touch', join(setup.workDir, 'new')]);
    const script = `${workspaceSetupScript(setup)}${cat(setup)} && ! ${touch} 2>/dev/null`;
    expect(run([...enter, 'sh', '-c', script])).toMatchObject({
      status: 0,
      out: 'snapshotpayloadpayload',
    });
  });

  it('accepts mounts that are there already and read-only, and none that are writable', () => {
    const setup = setupIn('');
    const [tree, away] = setup.mounts;
    const inner = workspaceSetupScript({
      ...setup,
      mode: 'read-only',
      workDir: setup.snapshotDir,
      mounts: [],
      verify: [{ name: 'away', path: away!.target }],
    });
    const bind = (...options: string[]): string =>
      shellCommand(['mount', ...options, tree!.source, away!.target]);
    const writable = run([...enter, 'sh', '-c', `${bind('--bind')} && ${inner}`]);
    expect(writable).toMatchObject({
      status: 97,
      err: `pikaci-setup: mount "away": ${away!.target} is writable\n`,
    });
    expect(run([...enter, 'sh', '-c', `${bind('-o', 'bind,ro')} && ${inner}`]).status).toBe(0);
  });

  it('keeps none of its variables in the environment of what follows', () => {
    const setup = setupIn('');
    const before = 'export target=mine found=mine point=mine error=mine PATH="$PATH"';
    const script = `${before}; ${workspaceSetupScript(setup)}echo $target $found $point $error`;
    expect(run([...enter, 'sh', '-c', script]).out).toBe('mine mine mine mine\n');
  });

  it.runIf(isRoot)('keeps the flags of a source that a user namespace may not lose', () => {
    const flags = 'nosuid,nodev,noexec,noatime';
    const setup = setupIn('');
    const [tree] = setup.mounts;
    const tmpfs = shellCommand([
      'mount',
      '-t',
      'tmpfs',
      '-o',
      `${flags},mode=1777`,
      'none',
      tree!.source,
    ]);
    const become = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'];
    const options = `awk -v at=${tree!.target} '$5 == at { print $6 }' /proc/self/mountinfo`;
    const script = `${workspaceSetupScript(setup)}${options}`;
    const inner = shellCommand([...become, ...asUser, 'sh', '-c', script]);
    const outer = `chown -R 65534:65534 ${root} && ${tmpfs} && ${inner}`;
    expect(run([...enter, 'sh', '-c', outer])).toEqual({
      status: 0,
      out: `ro,${flags}\n`,
      err: '',
    });
    expect(readFileSync(join(setup.snapshotDir, 'file'), 'utf8')).toBe('snapshot');
  });
});
