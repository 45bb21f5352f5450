import { constants, type Stats } from 'node:fs';
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  readdir,
  readlink,
  symlink,
  utimes,
} from 'node:fs/promises';
import { fail, ok, type Failure, type Outcome } from '@pikaci/model';
import { systemFailure } from '../system-error.js';
import {
  childPath,
  keepPath,
  keptBytes,
  showPath,
  type BytePath,
  type KeptPath,
} from './byte-path.js';
import { workThrough } from './work-pool.js';

/** What was copied. */
export interface CopiedTree {
  /** Regular files and symbolic links. */
  readonly fileCount: number;
  /** Sum of the lengths of the regular files. */
  readonly sizeBytes: number;
}

interface CopyTask {
  readonly source: BytePath;
  readonly target: BytePath;
}

interface CopyState {
  fileCount: number;
  sizeBytes: number;
  /** Directories get their modes last, or read-only ones could not be filled. */
  readonly directories: { readonly path: KeptPath; readonly mode: number }[];
}

/** Set-user-id and set-group-id have no business in copies that other users may run. */
const keptModeBits = 0o1777;

class RefusedEntry extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/**
 * Copies a directory or a file: links stay links, modes (without setuid and setgid) and times of files stay, and the
 * data is shared with the source where the file system can. Devices, sockets and named pipes are refused.
 * The target must not exist; its parent must. After a failure a part of the target may be there.
 *
 * @param signal raised to give the copy up: the files under way are finished, and the failure is `cancelled`
 */
export async function copyTree(
  source: string,
  target: string,
  signal?: AbortSignal,
): Promise<Outcome<CopiedTree>> {
  if (target === source || target.startsWith(`${source}/`)) {
    return fail('infrastructure', `${source} cannot be copied into itself (${target})`);
  }
  const state: CopyState = { fileCount: 0, sizeBytes: 0, directories: [] };
  const first = { source: Buffer.from(source), target: Buffer.from(target) };
  try {
    await workThrough<CopyTask>([first], (task, add) => copyEntry(task, state, add), signal);
    for (const directory of state.directories.reverse()) {
      await chmod(keptBytes(directory.path), directory.mode);
    }
    return ok({ fileCount: state.fileCount, sizeBytes: state.sizeBytes });
  } catch (error) {
    if (error instanceof RefusedEntry) return { ok: false, error: error.failure };
    if (signal?.aborted === true && error === signal.reason) {
      return fail('cancelled', `The copy of ${source} was cancelled`);
    }
    return systemFailure(`${source} could not be copied to ${target}`, error);
  }
}

async function copyEntry(
  task: CopyTask,
  state: CopyState,
  add: (task: CopyTask) => void,
): Promise<void> {
  const found = await lstat(task.source);
  if (found.isDirectory()) return copyDirectory(task, found, state, add);
  if (found.isSymbolicLink()) {
    await symlink(await readlink(task.source, 'buffer'), task.target);
    state.fileCount += 1;
  } else if (found.isFile()) {
    await copyRegularFile(task, found);
    state.fileCount += 1;
    state.sizeBytes += found.size;
  } else {
    throw new RefusedEntry(refusal(task.source));
  }
}

async function copyDirectory(
  task: CopyTask,
  found: Stats,
  state: CopyState,
  add: (task: CopyTask) => void,
): Promise<void> {
  await mkdir(task.target, { mode: 0o700 });
  state.directories.push({ path: keepPath(task.target), mode: found.mode & keptModeBits });
  for (const name of await readdir(task.source, 'buffer')) {
    add({ source: childPath(task.source, name), target: childPath(task.target, name) });
  }
}

async function copyRegularFile(task: CopyTask, found: Stats): Promise<void> {
  // COPYFILE_FICLONE shares the blocks where the file system can, and copies them elsewhere.
  await copyFile(task.source, task.target, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  await chmod(task.target, found.mode & keptModeBits);
  await utimes(task.target, found.atime, found.mtime);
}

function refusal(path: BytePath): Failure {
  return fail('infrastructure', `${showPath(path)} cannot be copied`, {
    reason: 'it is neither a file nor a directory nor a symbolic link',
    location: { file: showPath(path) },
    hint: 'Remove the device, socket or named pipe from the tree.',
  }).error;
}
