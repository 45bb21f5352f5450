import { formatElapsed } from '../text/duration.js';
import { truncate, type Style } from '../text/style.js';
import type { Progress, RunningNode } from './progress.js';

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Most running nodes that are shown one by one; a block taller than the terminal could not be erased. */
const mostNodes = 12;

/** The block at the bottom of a terminal: what runs, in which phase, for how long. Empty when nothing runs. */
export function progressFrame(
  progress: Progress,
  options: {
    readonly nowMs: number;
    readonly tick: number;
    readonly columns: number;
    readonly style: Style;
  },
): string[] {
  const nodes = progress.running();
  if (nodes.length === 0) return [];
  const width = Math.max(...nodes.map((node) => node.id.length));
  const sign = spinner[options.tick % spinner.length] ?? '';
  // One column less than there are: some terminals wrap as soon as the last one is taken.
  const fit = (line: string) => truncate(line, options.columns - 1);
  const lines = nodes
    .slice(0, mostNodes)
    .map((node) => fit(`${sign} ${nodeText(node, width, options.nowMs)}`));
  if (nodes.length > mostNodes) lines.push(fit(`  and ${nodes.length - mostNodes} more`));
  if (progress.jobCount !== null) {
    lines.push(
      options.style.dim(fit(`  ${progress.finishedJobs} of ${progress.jobCount} jobs done`)),
    );
  }
  return lines;
}

function nodeText(node: RunningNode, width: number, nowMs: number): string {
  const elapsed = formatElapsed(nowMs - node.startedMs);
  return [node.id.padEnd(width), node.phase, elapsed].filter((part) => part !== '').join('  ');
}
