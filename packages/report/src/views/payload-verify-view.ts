import type { PayloadVerdict, VerifiedPayload } from '@pikaci/model';
import { oneLine } from '../text/one-line.js';
import { plainStyle, type Style } from '../text/style.js';
import { alignColumns } from '../text/table.js';
import { counted, shortKey, usersText } from './payload-text.js';

/** One line a payload, and below it the paths that differ. */
export function formatVerifications(
  payloads: readonly VerifiedPayload[],
  style: Style = plainStyle,
): string {
  if (payloads.length === 0) return 'no payloads';
  const rows = alignColumns(
    payloads.map(({ verdict, contentKey, payloadId, reason }) => [
      paintVerdict(verdict, style),
      shortKey(oneLine(contentKey)),
      oneLine(payloadId ?? ''),
      oneLine(reason ?? ''),
    ]),
    '',
  );
  return payloads
    .flatMap((payload, index) => [rows[index] ?? '', ...detailLines(payload)])
    .join('\n');
}

function detailLines(payload: VerifiedPayload): string[] {
  const { differences, differenceCount, removed, users } = payload;
  const more = differenceCount - differences.length;
  return [
    ...alignColumns(
      differences.map(({ what, path }) => [what, oneLine(path)]),
      '         ',
    ),
    ...(more > 0 ? [`         … and ${counted(more, 'path')} more`] : []),
    ...(removed ? ['         removed: it is built again when it is needed'] : []),
    ...(users.length > 0 ? [`         not removed: ${usersText(users)}`] : []),
  ];
}

function paintVerdict(verdict: PayloadVerdict, style: Style): string {
  switch (verdict) {
    case 'ok':
      return style.green(verdict);
    case 'unknown':
      return style.yellow(verdict);
    case 'damaged':
    case 'gone':
      return style.red(verdict);
    default: {
      const never: never = verdict;
      return never;
    }
  }
}
