import type { Recovery } from './recover.js';

/** Removed things that are named; of more there is only a number. */
const mostNamed = 3;

/** One line on what was recovered; null when there was nothing to say. */
export function recoveryLine({ closed, removed, problems }: Omit<Recovery, 'kept'>): string | null {
  const marked = closed.reduce((count, run) => count + run.markedJobs, 0);
  const parts = [
    ...(closed.length === 0 ? [] : [`${counted(marked, 'job')} marked`]),
    ...(removed.length === 0 ? [] : [`removed ${named(removed)}`]),
    ...(problems.length === 0 ? [] : [`left for the next command: ${problems.join('; ')}`]),
  ];
  if (parts.length === 0) return null;
  return `${closed.length === 0 ? 'cleaned up' : runs(closed.map(({ runId }) => runId))}: ${parts.join('; ')}`;
}

function runs(ids: readonly string[]): string {
  const [only = ''] = ids;
  if (ids.length === 1) return `recovered run ${only}, whose process was gone`;
  return `recovered ${ids.length} runs (${ids.join(', ')}), whose processes were gone`;
}

function named(things: readonly string[]): string {
  if (things.length <= mostNamed) return things.join(', ');
  const rest = things.length - mostNamed;
  return `${things.slice(0, mostNamed).join(', ')} and ${counted(rest, 'other thing')}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
