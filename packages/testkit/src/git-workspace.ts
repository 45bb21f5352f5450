import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A directory for one test, with or without git. */
export interface TestWorkspace {
  /** Canonical path. */
  readonly root: string;
  /** Writes a file, with the directories above it. */
  write(path: string, content: string, mode?: number): void;
  /** Runs git there, untouched by the settings of the machine, and returns what it printed. */
  git(...args: string[]): string;
  /** Records everything as one commit. */
  commit(): void;
  remove(): void;
}

const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org'];

/** Makes a temporary directory, or takes the empty one that is given; `git: true` makes it a repository. */
export function createTestWorkspace(
  options: { readonly git?: boolean; readonly root?: string } = {},
): TestWorkspace {
  const root = options.root ?? realpathSync(mkdtempSync(join(tmpdir(), 'pikaci-workspace-')));
  const git = (...args: string[]): string =>
    execFileSync('git', [...identity, ...args], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: root, GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' },
    });
  if (options.git === true) git('init', '--quiet', '--initial-branch=main');
  return {
    root,
    git,
    write: (path, content, mode) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
      if (mode !== undefined) chmodSync(join(root, path), mode);
    },
    commit: () => {
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '--message=test');
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
