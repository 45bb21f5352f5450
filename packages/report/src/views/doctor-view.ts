import { oneLine } from '../text/one-line.js';
import { plainStyle, type Style } from '../text/style.js';
import { alignColumns } from '../text/table.js';

/** What `doctor` found out about one thing. */
export interface DoctorCheck {
  /** What was looked at, e.g. `node`. */
  readonly name: string;
  /** `warn`: works, but not as well as it could. `missing`: what needs it does not work. */
  readonly status: 'ok' | 'warn' | 'missing';
  /** What is there. */
  readonly detail: string;
  /** True when the chosen runtime cannot do without it. */
  readonly required: boolean;
  /** What to do about it; null when nothing is to be done. */
  readonly hint: string | null;
}

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
