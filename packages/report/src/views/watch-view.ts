import type { JobRecord, RunRecord } from '@pikaci/model';
import { jobEndLine, jobStartLine } from '../human/event-lines.js';
import { plainStyle, truncateVisible, type Style } from '../text/style.js';
import { runHeadLine, type RunStatus } from './status-view.js';

/** A terminal's size, in characters. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** The fewest lines that are shown, however low the terminal is: the first one, what is left out, the last one. */
const fewestLines = 3;

/**
 * The lines as a block that is drawn again and again: none wider than the terminal, and no more than it can show at once.
 * The first line says what it is about and the last ones what goes on now; those between are left out, and counted.
 */
export function fitToScreen(lines: readonly string[], { columns, rows }: ScreenSize): string[] {
  // The cursor stands on a line of its own below the block.
  const most = Math.max(fewestLines, rows - 1);
  const leftOut = lines.length - most + 1;
  const shown =
    lines.length <= most
      ? lines
      : [
          ...lines.slice(0, 1),
          `… ${leftOut} lines are not shown here`,
          ...lines.slice(1 + leftOut),
        ];
  // One column less than there are: some terminals wrap as soon as the last one is taken.
  return shown.map((line) => truncateVisible(line, columns - 1));
}

/**
 * What changed since a run was looked at: a line for each job that began, was tried again or ended, and one for the run itself.
 *
 * @param before the run as it was; null when it is looked at for the first time: then all there is counts as changed
 */
export function runChangeLines(
  before: RunRecord | null,
  now: Pick<RunStatus, 'record' | 'abandoned'>,
  style: Style = plainStyle,
): string[] {
  const earlier = new Map(before?.jobs.map((job) => [job.id, job]));
  const jobs = now.record.jobs
    .filter((job) => hasChanged(earlier.get(job.id), job))
    .map((job) => (job.status === 'running' ? jobStartLine(job, style) : jobEndLine(job, style)));
  if (before === null) return [runHeadLine(now, style), ...jobs];
  const isOver = now.abandoned || now.record.status !== before.status;
  return isOver ? [...jobs, runHeadLine(now, style)] : jobs;
}

function hasChanged(before: JobRecord | undefined, now: JobRecord): boolean {
  return before?.status !== now.status || before.attempt !== now.attempt;
}
