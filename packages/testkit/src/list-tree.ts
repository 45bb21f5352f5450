import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

const slash = Buffer.from('/');

/**
 * What a tree holds, one line for each entry in the order of its bytes: type, whether it is executable, content or
 * target, and the path with every byte that is not plain written as `%XX`.
 */
export function listTree(root: string): readonly string[] {
  const lines: string[] = [];
  const visit = (dir: Buffer, prefix: Buffer): void => {
    for (const name of readdirSync(dir, { encoding: 'buffer' }).sort((a, b) =>
      Buffer.compare(a, b),
    )) {
      const path = Buffer.concat([dir, slash, name]);
      const relative = prefix.length === 0 ? name : Buffer.concat([prefix, slash, name]);
      lines.push(`${describeEntry(path)} ${plain(relative)}`);
      if (lstatSync(path).isDirectory()) visit(path, relative);
    }
  };
  visit(Buffer.from(root), Buffer.alloc(0));
  return lines;
}

function describeEntry(path: Buffer): string {
  const found = lstatSync(path);
  if (found.isDirectory()) return 'directory';
  if (found.isSymbolicLink()) return `link to ${plain(readlinkSync(path, 'buffer'))}`;
  if (!found.isFile()) return 'special';
  const digest = createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 12);
  return `${(found.mode & 0o100) === 0 ? 'file' : 'program'} ${digest}`;
}

function plain(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replace(/[^\w./-]/g, (character) => `%${Buffer.from(character, 'latin1').toString('hex')}`);
}
