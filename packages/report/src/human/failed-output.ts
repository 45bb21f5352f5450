import type { LineTail } from '../output/line-tail.js';
import type { Style } from '../text/style.js';

/** How many lines of a failed node's output are shown. */
export const shownTailLines = 30;

/** What a failed node printed last, below a line that says where the whole of it is; without a log, maybe nothing. */
export function failedOutputLines(options: {
  readonly tail: LineTail | undefined;
  readonly logPath: string | null;
  readonly style: Style;
}): string[] {
  const { tail, logPath, style } = options;
  const whole = logPath === null ? '' : `; the whole log: ${logPath}`;
  if (tail === undefined || tail.lines.length === 0) {
    return logPath === null ? [] : [style.dim(`  it printed nothing${whole}`)];
  }
  const count = tail.lines.length;
  const heading = tail.dropped === 0 ? 'its output' : `the last ${count} lines of its output`;
  return [
    style.dim(`  ${heading}${whole}`),
    ...tail.lines.map((line) => `  ${style.dim('|')} ${line}`),
  ];
}
