import type { ShownSnapshot } from '@pikaci/model';
import type { SnapshotChange } from '@pikaci/paths';
import { neutraliseLine } from '../output/neutralise.js';
import { formatSize } from '../text/size.js';
import { plainStyle, type Paint, type Style } from '../text/style.js';
import { alignColumns } from '../text/table.js';

/** A snapshot for people. */
export function formatSnapshot(snapshot: ShownSnapshot, style: Style = plainStyle): string {
  const { hash, hashVersion, gitHead, gitDirty, runs } = snapshot;
  const head = gitHead === null ? 'none' : `${gitHead}${gitDirty === true ? ' and changes' : ''}`;
  const links = snapshot.linkCount === 0 ? '' : ` and ${snapshot.linkCount} links`;
  return [
    style.bold(`snapshot ${hash}`),
    ...alignColumns([
      ['made by', hashVersion ?? 'not recorded'],
      ['source', neutraliseLine(snapshot.sourceRoot, false)],
      ['git head', gitHead === null && gitDirty === null ? 'not under git' : head],
      ['created', snapshot.createdAt],
      ['files', `${snapshot.fileCount}${links}, ${formatSize(snapshot.sizeBytes)}`],
      ['lies in', neutraliseLine(snapshot.dir, false)],
      ...(runs.length === 0
        ? [['runs', 'none']]
        : runs.map((id, index) => [index === 0 ? 'runs' : '', id])),
    ]),
  ].join('\n');
}

/** A path of two snapshots that is not the same in both. */
export interface ShownChange {
  /** Printable. */
  readonly path: string;
  readonly change: SnapshotChange;
  readonly modeBefore: string | null;
  readonly modeAfter: string | null;
}

/** What differs between two snapshots, for people: a line a path, and one that counts. */
export function formatSnapshotChanges(
  changes: readonly ShownChange[],
  style: Style = plainStyle,
): string {
  if (changes.length === 0) return 'the snapshots are the same';
  const counts = new Map<SnapshotChange, number>();
  for (const { change } of changes) counts.set(change, (counts.get(change) ?? 0) + 1);
  const counted = [...counts].map(([change, count]) => `${count} ${words[change]}`).join(', ');
  const paths = changes.length === 1 ? '1 path differs' : `${changes.length} paths differ`;
  return [...changes.map((change) => changeLine(change, style)), `${paths}: ${counted}`].join('\n');
}

const words: Readonly<Record<SnapshotChange, string>> = {
  added: 'added',
  removed: 'removed',
  modified: 'modified',
  mode: 'with another mode',
};

function changeLine({ path, change, modeBefore, modeAfter }: ShownChange, style: Style): string {
  const paints: Readonly<Record<SnapshotChange, Paint>> = {
    added: style.green,
    removed: style.red,
    modified: style.yellow,
    mode: style.yellow,
  };
  const isModeNew = modeBefore !== null && modeAfter !== null && modeBefore !== modeAfter;
  const modes = isModeNew ? `  ${modeBefore} → ${modeAfter}` : '';
  return `${paints[change](change.padEnd('modified'.length))}  ${neutraliseLine(path, false)}${modes}`;
}
