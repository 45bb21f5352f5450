import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { systemErrorCode } from '@pikaci/host';
import { fail, ok, type Outcome } from '@pikaci/model';
import type { ChangeOptions } from '../options/change-options.js';
import type { Session } from '../session.js';
import type { Workspace } from '../workspace.js';
import { changedByItself } from './changed-by-itself.js';
import { changedSince } from './changed-since.js';
import { knownChanges, type Changes } from './changes.js';
import { listedFiles } from './listed-files.js';

/** Finds out what changed, from the source that the options name. A new source is one option and one line here. */
export async function readChanges(
  session: Session,
  { workspaceRoot, stateRoot }: Workspace,
  options: ChangeOptions,
): Promise<Outcome<Changes>> {
  const { env } = session.io;
  if (options.changed === true) return changedByItself({ workspaceRoot, stateRoot, env });
  if (options.changedSince !== undefined) {
    return changedSince({ workspaceRoot, stateRoot, env }, options.changedSince);
  }
  if (options.changedFiles !== undefined) {
    const list = await readList(session, options.changedFiles);
    if (!list.ok) return list;
    const files = listedFiles({ ...list.value, workspaceRoot });
    return files.ok ? ok(knownChanges(files.value)) : files;
  }
  return ok({ kind: 'not-asked' });
}

async function readList(
  session: Session,
  file: string,
): Promise<Outcome<{ readonly text: string; readonly source: string }>> {
  if (file === '-') return ok({ text: await session.io.readStdin(), source: 'standard input' });
  try {
    return ok({ text: await readFile(resolve(session.cwd, file), 'utf8'), source: file });
  } catch (error) {
    if (systemErrorCode(error) === null || !(error instanceof Error)) throw error;
    return fail('selection', `The list of changed files ${file} cannot be read`, {
      reason: error.message,
      hint: 'Name a file with one path a line, or - for standard input.',
    });
  }
}
