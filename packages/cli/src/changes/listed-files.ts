import { isAbsolute, posix, relative } from 'node:path';
import { fail, ok, type Outcome } from '@pikaci/model';

/** A list of files, and where it comes from. */
export interface FileList {
  readonly text: string;
  /** For messages: the file's path, or `standard input`. */
  readonly source: string;
  /** Absolute path that absolute names are made relative to. */
  readonly workspaceRoot: string;
}

/**
 * The paths of a list, one a line, or each ended by a NUL as git writes them with `-z`. Empty lines say nothing. A name
 * that can match no pattern because of how it is written is a failure: a target would be left out in silence.
 */
export function listedFiles({ text, source, workspaceRoot }: FileList): Outcome<readonly string[]> {
  const lines = text.includes('\0') ? text.split('\0') : text.split(/\r?\n/u);
  const files: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    const location = { file: source, line: index + 1 };
    if (/^".*"$/u.test(line) && !text.includes('\0')) {
      return fail('selection', `A list of changed files has a quoted name: ${line}`, {
        location,
        reason: 'git writes names so that it cannot write as they are',
        hint: 'Make the list with "git diff --name-only -z".',
      });
    }
    const path = posix.normalize(isAbsolute(line) ? relative(workspaceRoot, line) : line);
    if (path.split('/')[0] === '..') {
      return fail('selection', `A list of changed files leaves the workspace: ${line}`, {
        location,
        hint: `Name files relative to ${workspaceRoot}.`,
      });
    }
    files.push(path.replace(/\/$/u, ''));
  }
  return ok(files);
}
