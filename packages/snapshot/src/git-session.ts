import { createTemporaryDirectory } from '@pikaci/host';
import { ok, type Outcome } from '@pikaci/model';
import {
  appendFileSync,
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryDisk, type WrittenDisk } from './full-disk.js';
import { runGit, type GitContext } from './git.js';

/** What all git calls of a session share. */
export interface GitSessionOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal | undefined;
}

/**
 * A private place for git to work in: index files and objects of its own, so that nothing is written into the user's
 * repository. New objects go to it; those of repositories are read in their places.
 */
export class GitSession {
  private readonly dir: string;
  private readonly environment: NodeJS.ProcessEnv;
  private readonly signal: AbortSignal | undefined;
  private indexes = 0;

  private constructor(dir: string, options: GitSessionOptions) {
    this.dir = dir;
    this.environment = options.environment;
    this.signal = options.signal;
  }

  /** Calls `work` with a session, and removes everything of it afterwards. */
  static async use<T>(
    options: GitSessionOptions,
    work: (session: GitSession) => Promise<T>,
  ): Promise<T> {
    const dir = await createTemporaryDirectory();
    try {
      // Small things, for which waiting costs more than doing them, on a busy machine many times more.
      mkdirSync(join(dir, 'objects', 'info'), { recursive: true });
      mkdirSync(join(dir, 'empty'));
      return await work(new GitSession(dir, options));
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  }

  /** Where git writes what is private. The directory itself is gone before anyone reads of it. */
  private get disk(): WrittenDisk {
    return temporaryDisk(dirname(this.dir));
  }

  /** Git as the user would call it in a directory. */
  at(cwd: string, variables: Readonly<Record<string, string>> = {}): GitContext {
    return { cwd, environment: this.environment, variables, signal: this.signal };
  }

  /** Git in a directory, with a new private index and the private objects. */
  privately(cwd: string, variables: Readonly<Record<string, string>> = {}): GitContext {
    const context = this.at(cwd, {
      ...variables,
      GIT_INDEX_FILE: join(this.dir, `index-${this.indexes++}`),
      GIT_OBJECT_DIRECTORY: join(this.dir, 'objects'),
    });
    return { ...context, disks: [this.disk] };
  }

  /** Git with a new private index and a work tree that is no one's: `workTree`, or an empty directory. */
  detached(gitDir: string, workTree: string = join(this.dir, 'empty')): GitContext {
    const context = this.privately(workTree, { GIT_DIR: gitDir, GIT_WORK_TREE: workTree });
    return { ...context, writesForAll: true };
  }

  /** Makes a repository for a directory that has none, and returns where it is. */
  async createRepository(): Promise<Outcome<string>> {
    const gitDir = join(this.dir, 'repository');
    const init = ['init', '--quiet', '--bare', '--template=', '--object-format=sha1', gitDir];
    const done = await runGit({ ...this.at(this.dir), disks: [this.disk] }, init);
    return done.ok ? ok(gitDir) : done;
  }

  /** Lets private git calls read the objects of a repository. */
  readObjectsOf(objectsDir: string): void {
    const quoted = /["\n]/.test(objectsDir)
      ? `"${objectsDir.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`
      : objectsDir;
    appendFileSync(join(this.dir, 'objects', 'info', 'alternates'), `${quoted}\n`);
  }
}

/**
 * Copies a repository's index for what it knows of the files' times and sizes: unchanged files are not read again.
 * The copy is dated to the second in which the original was written, because git reads every file again that is not
 * older than the index.
 *
 * @returns git's sum of it, which ends an index; empty when there is none yet, null when git was told to write none
 */
export function copyIndex(indexFile: string, context: GitContext): string | null {
  const target = context.variables['GIT_INDEX_FILE'];
  if (target === undefined) throw new Error('a private index is needed to copy another one into');
  const found = statSync(indexFile, { throwIfNoEntry: false });
  if (found === undefined) return '';
  copyFileSync(indexFile, target, constants.COPYFILE_FICLONE);
  const seconds = Math.floor(found.mtimeMs / 1000);
  utimesSync(target, seconds, seconds);
  const sum = lastBytes(target, sumLength).toString('hex');
  return /^0*$/.test(sum) ? null : sum;
}

/** Of SHA-1; of a longer sum as much is enough. */
const sumLength = 20;

function lastBytes(file: string, length: number): Buffer {
  const opened = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(length);
    readSync(opened, bytes, 0, length, Math.max(0, fstatSync(opened).size - length));
    return bytes;
  } finally {
    closeSync(opened);
  }
}
