import type { KeyInput, PayloadManifest, StoredPayload } from '@pikaci/model';
import { formatBytes } from '../text/bytes.js';
import { formatDuration } from '../text/duration.js';
import { oneLine } from '../text/one-line.js';
import { section } from '../text/section.js';
import { plainStyle, truncate, type Style } from '../text/style.js';
import { alignColumns } from '../text/table.js';
import { counted, shortKey, timeText, usersText } from './payload-text.js';

/** Inputs that are shown: files come last and are as many as the workspace has. */
const mostInputs = 25;
/** Columns that an input's value gets. */
const valueColumns = 80;

/** What `payload show` shows. */
export interface ShownPayload {
  readonly payload: StoredPayload;
  /** Null when they cannot be read. */
  readonly keyInputs: readonly KeyInput[] | null;
  /** Keys of other payloads with the same id. */
  readonly otherKeys: readonly string[];
}

/** Everything of one payload; of its inputs the beginning. */
export function formatPayload(shown: ShownPayload, style: Style = plainStyle): string {
  const { record } = shown.payload;
  return [
    style.bold(`payload ${oneLine(record.payloadId)}`),
    ...alignColumns(headRows(shown)),
    ...section('mounts', alignColumns(mountRows(record.manifest)), style),
    ...section('entry points', alignColumns(pathRows(record.manifest.entrypoints)), style),
    ...section('asset roots', alignColumns(pathRows(record.manifest.assetRoots)), style),
    '',
    style.bold('what went into its key'),
    ...inputLines(shown.keyInputs),
  ].join('\n');
}

function headRows({ payload, otherKeys }: ShownPayload): string[][] {
  const { record, storePath, lastUsedAt, users } = payload;
  const took = record.buildMs === null ? '' : ` in ${formatDuration(record.buildMs)}`;
  const rows: [string, string][] = [
    ['key', record.contentKey],
    ['kind', `${oneLine(record.kind)} (manifest ${oneLine(record.manifest.kind)})`],
    ['manifest', record.manifestSource === 'build' ? 'of the build' : 'of the configuration'],
    ['at', oneLine(storePath ?? `${record.externalPath ?? ''} (gone)`)],
    ['size', `${formatBytes(record.sizeBytes)} in ${counted(record.fileCount, 'file')}`],
    ['digest', record.digest ?? 'not recorded'],
    ['built', `${timeText(record.builtAt)}${took} by ${oneLine(record.builtBy)}`],
    ['last used', timeText(lastUsedAt)],
    ['in use', usersText(users).replace('in use ', '') || 'no'],
    ...(otherKeys.length === 0
      ? []
      : [['others', otherKeys.map(shortKey).join(', ')] satisfies [string, string]]),
  ];
  return rows;
}

function mountRows({ mounts }: PayloadManifest): string[][] {
  return mounts.map(({ name, relativePath, guestPath, workspacePath, readOnly }) => [
    oneLine(name),
    oneLine(relativePath),
    oneLine(`at ${guestPath ?? `${workspacePath ?? ''} of the workspace`}`),
    readOnly ? 'read-only' : '',
  ]);
}

function pathRows(
  entries: readonly { readonly name: string; readonly relativePath: string }[],
): string[][] {
  return entries.map(({ name, relativePath }) => [oneLine(name), oneLine(relativePath)]);
}

function inputLines(inputs: readonly KeyInput[] | null): string[] {
  if (inputs === null) return ['  not known'];
  const rows = inputs
    .slice(0, mostInputs)
    .map(({ name, value }) => [oneLine(name), truncate(oneLine(value), valueColumns)]);
  const more = inputs.length - rows.length;
  return [...alignColumns(rows), ...(more === 0 ? [] : [`  … and ${more} more (--json has all)`])];
}
