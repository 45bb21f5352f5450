import { failure, quoteText, type Failure } from '@pikaci/model';
import type { TreeEntry } from '../tree-walk.js';

const specialBits = 0o6000n;

/** Why an entry has no place in a payload; null when it has. */
export function refusedEntry(payloadId: string, entry: TreeEntry): Failure | null {
  const { stats } = entry;
  const name = entry.relativePath.toString('utf8') || '.';
  if (stats.isFile() && (stats.mode & specialBits) !== 0n) {
    return failure('payload', `The file ${quoteText(name)} of payload "${payloadId}" is refused`, {
      reason: 'it has the setuid or setgid bit, and would run with rights of its own in every job',
      hint: 'Let the build take the bit away (chmod ug-s).',
    });
  }
  if (stats.isFile() || stats.isDirectory() || stats.isSymbolicLink()) return null;
  return failure('payload', `The entry ${quoteText(name)} of payload "${payloadId}" is refused`, {
    reason: 'it is neither a file nor a directory nor a symbolic link',
    hint: 'Let the build remove the device, socket or named pipe.',
  });
}
