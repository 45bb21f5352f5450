import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Everything of a directory tree that a job might change, one line for each entry: path, type and mode, owner, time of
 * the last change of its content, and the content's digest or the link's text. Equal states, equal trees.
 */
export function treeState(root: string): readonly string[] {
  return entryLines(root, '.');
}

function entryLines(root: string, path: string): string[] {
  const absolute = join(root, path);
  const stats = lstatSync(absolute, { bigint: true });
  const facts = [stats.mode.toString(8), stats.uid, stats.gid, stats.mtimeNs];
  const line = `${path} ${facts.join(' ')} ${content(absolute)}`;
  if (!stats.isDirectory()) return [line];
  const names = readdirSync(absolute).sort();
  return [line, ...names.flatMap((name) => entryLines(root, join(path, name)))];
}

function content(path: string): string {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) return `-> ${readlinkSync(path)}`;
  if (!stats.isFile()) return '';
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
