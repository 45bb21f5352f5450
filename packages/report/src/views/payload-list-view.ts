import type { PayloadInventory, StoredPayload } from '@pikaci/model';
import { formatBytes } from '../text/bytes.js';
import { oneLine } from '../text/one-line.js';
import { plainStyle, type Style } from '../text/style.js';
import { alignColumns } from '../text/table.js';
import { counted, shortKey, timeText, usersText } from './payload-text.js';

const columns = ['id', 'key', 'kind', 'size', 'files', 'built', 'last used', ''] as const;

/** All payloads of a store, one a line, and below them what is damaged. */
export function formatPayloadList(
  { payloads, damaged }: PayloadInventory,
  style: Style = plainStyle,
): string {
  const total = payloads.reduce((sum, { record }) => sum + ownBytes({ record }), 0);
  const table = alignColumns([columns, ...payloads.map(payloadRow)], '');
  const lines =
    payloads.length === 0
      ? ['no payloads']
      : [style.bold(table[0] ?? ''), ...table.slice(1), '', totalLine(payloads.length, total)];
  const broken = damaged.map(
    ({ contentKey, reason }) =>
      `${style.red('damaged')}  ${shortKey(oneLine(contentKey))}  ${oneLine(reason)}`,
  );
  return [...lines, ...(broken.length === 0 ? [] : ['', ...broken])].join('\n');
}

function payloadRow({ record, storePath, lastUsedAt, users }: StoredPayload): string[] {
  const notes = [
    usersText(users),
    ...(record.externalPath === null ? [] : [`at ${oneLine(record.externalPath)}`]),
    ...(storePath === null ? ['gone'] : []),
  ];
  return [
    oneLine(record.payloadId),
    shortKey(record.contentKey),
    oneLine(record.kind),
    formatBytes(record.sizeBytes),
    String(record.fileCount),
    timeText(record.builtAt),
    timeText(lastUsedAt),
    notes.filter((note) => note !== '').join('; '),
  ];
}

function totalLine(count: number, bytes: number): string {
  return `${counted(count, 'payload')}, ${formatBytes(bytes)} in the store`;
}

/** An output that lies elsewhere takes no room in the store. */
function ownBytes({ record }: Pick<StoredPayload, 'record'>): number {
  return record.externalPath === null ? record.sizeBytes : 0;
}
