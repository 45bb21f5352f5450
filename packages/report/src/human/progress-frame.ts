import { formatElapsed } from '../text/duration.js';
import {
  truncate,
  truncateVisible,
  visibleWidth,
  withoutColours,
  type Style,
} from '../text/style.js';
import type { JobCounts, Progress, RunningNode } from './progress.js';

/** Columns of the longest elapsed time below ten hours: `59m 59s`. */
const elapsedColumns = 7;

/** How the block at the bottom of a terminal is drawn. */
export interface FrameOptions {
  readonly nowMs: number;
  /** Counts the drawings. */
  readonly tick: number;
  readonly columns: number;
  readonly rows: number;
  /** False when what is printed is shown already. */
  readonly lastLines: boolean;
  readonly style: Style;
}

/**
 * The block at the bottom of a terminal: what runs, for how long, in which phase or what it printed last, and how many
 * jobs are how far. It takes half of the terminal's rows at most, so that what has ended can be seen. Empty when nothing runs.
 */
export function progressFrame(progress: Progress, options: FrameOptions): string[] {
  const nodes = progress.running();
  if (nodes.length === 0) return [];
  const { style, columns, rows } = options;
  const mostNodes = Math.max(1, Math.floor(rows / 2) - 2);
  const shown = nodes.length <= mostNodes + 1 ? nodes : nodes.slice(0, mostNodes);
  const widest = Math.max(...shown.map(({ id }) => visibleWidth(id)));
  const idColumns = Math.min(widest, Math.max(8, Math.floor(columns * 0.4)));
  const { spinner } = style.symbols;
  const sign = spinner[options.tick % spinner.length] ?? '';
  const lines = [
    ...shown.map((node) => nodeLine(node, idColumns, options)),
    ...(nodes.length === shown.length ? [] : [`  and ${nodes.length - shown.length} more`]),
    `${sign} ${countsText(progress.jobs, style)}`,
  ];
  // One column less than there are: some terminals wrap as soon as the last one is taken.
  return lines.map((line) => truncateVisible(line, columns - 1));
}

function nodeLine(node: RunningNode, idColumns: number, options: FrameOptions): string {
  const { style, nowMs, lastLines } = options;
  const id = truncate(node.id, idColumns);
  const padded = `${id}${' '.repeat(idColumns - visibleWidth(id))}`;
  const elapsed = formatElapsed(nowMs - node.startedMs).padStart(elapsedColumns);
  const last = lastLines ? withoutColours(node.lastLine).replaceAll('\t', ' ').trim() : '';
  const detail = node.phase === '' ? last : node.phase;
  return `${node.waits ? style.symbols.waiting : style.symbols.running} ${padded} ${elapsed}${detail === '' ? '' : `  ${style.dim(detail)}`}`;
}

function countsText({ all, finished, failed, running }: JobCounts, style: Style): string {
  if (all === null) return style.dim('getting ready');
  const waiting = all - finished - running;
  return [
    `${finished} of ${all} jobs done`,
    ...(failed === 0 ? [] : [style.red(`${failed} failed`)]),
    ...(running === 0 ? [] : [`${running} running`]),
    ...(waiting <= 0 ? [] : [`${waiting} waiting`]),
  ].join(', ');
}
