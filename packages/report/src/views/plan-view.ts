import type { PayloadConfig, PlanNode, RunPlan } from '@pikaci/model';
import { oneLine } from '../text/one-line.js';
import { plainStyle, truncateVisible, type Style } from '../text/style.js';
import { alignColumns } from '../text/table.js';
import { counted } from './payload-text.js';

/** How a plan is shown. */
export interface PlanTableOptions {
  /** What a job does, in one line: as it is configured, where its command is made of that. */
  readonly commandOf: (jobId: string) => string;
  readonly style?: Style;
  /** How wide the screen is; null: lines are as long as they are. */
  readonly columns: number | null;
}

const heading = ['node', 'after', 'runtime', 'payloads', 'command'] as const;

/** A plan as a table for people: its nodes in order, what each waits for, where it runs, with what, and what it does. */
export function formatPlan(plan: RunPlan, options: PlanTableOptions): string {
  const { style = plainStyle, columns } = options;
  const { targetId, jobIds } = plan.selection;
  const subject = targetId === null ? `jobs ${jobIds.join(', ')}` : `target ${targetId}`;
  const jobs = plan.nodes.filter(({ kind }) => kind === 'execute').length;
  const [head = '', ...lines] = alignColumns([
    heading,
    ...plan.nodes.map((node) => row(node, options)),
  ]);
  const fit = (line: string) => (columns === null ? line : truncateVisible(line, columns));
  return [
    style.bold(`plan of ${subject}`),
    `  ${plan.nodes.length - jobs} to prepare, ${counted(jobs, 'job')} to run on snapshot ${plan.snapshotHash.slice(0, 12)}`,
    '',
    style.dim(fit(head)),
    ...lines.map(fit),
  ].join('\n');
}

/** Stands in an empty cell. */
const none = '-';

/** Names that a cell has; of more there is only a number. */
const mostNamed = 3;

function list(names: readonly string[]): string {
  const rest = names.length - mostNamed;
  return rest > 0 ? `${names.slice(0, mostNamed).join(', ')} +${rest}` : names.join(', ') || none;
}

function row(node: PlanNode, { commandOf }: PlanTableOptions): readonly string[] {
  const after = list(node.dependsOn);
  switch (node.kind) {
    case 'prepare-payload': {
      const { runtime, command } = ofPayload(node.payload);
      return [node.id, after, runtime, none, command];
    }
    case 'prepare-runtime':
      return [node.id, after, node.runtime, none, none];
    case 'execute': {
      const { id, runtime, hostContext } = node.job;
      const payloads = hostContext.stagedPayloadMounts.map(({ devicePrefix }) => devicePrefix);
      return [node.id, after, runtime, list(payloads), oneLine(commandOf(id))];
    }
    default: {
      const never: never = node;
      return never;
    }
  }
}

/** Where a payload is made, and of what. */
function ofPayload(payload: PayloadConfig): { readonly runtime: string; readonly command: string } {
  switch (payload.kind) {
    case 'command':
      return { runtime: payload.runtime, command: oneLine(payload.run) };
    case 'directory':
    case 'archive':
      return { runtime: none, command: `${payload.kind} ${oneLine(payload.source)}` };
    case 'nix':
      return { runtime: none, command: `nix ${oneLine(payload.installable)}` };
    default: {
      const never: never = payload;
      return never;
    }
  }
}
