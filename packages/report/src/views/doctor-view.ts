import type { DoctorCheck } from '@pikaci/model';
import { oneLine } from '../text/one-line.js';
import { plainStyle, type Style } from '../text/style.js';
import { alignColumns } from '../text/table.js';

/** One line a check, and what to do below those that need it. */
export function formatDoctor(checks: readonly DoctorCheck[], style: Style = plainStyle): string {
  const rows = alignColumns(
    checks.map((check) => [paintStatus(check.status, style), check.name, oneLine(check.detail)]),
    '',
  );
  return checks
    .flatMap((check, index) => [
      rows[index] ?? '',
      ...(check.hint === null ? [] : [`         next: ${oneLine(check.hint)}`]),
    ])
    .join('\n');
}

function paintStatus(status: DoctorCheck['status'], style: Style): string {
  switch (status) {
    case 'ok':
      return style.green('ok');
    case 'warn':
      return style.yellow('warn');
    case 'missing':
      return style.red('missing');
    default: {
      const never: never = status;
      return never;
    }
  }
}
