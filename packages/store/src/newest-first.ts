import type { Outcome, RunRecord } from '@pikaci/model';

/** A run's directory and what could be read of it. */
export interface FoundRun {
  readonly id: string;
  readonly record: Outcome<RunRecord>;
}

/** Sorts by time of creation; damaged records by the time in their id. Equal times: the greater id first. */
export function newestFirst(runs: readonly FoundRun[]): readonly FoundRun[] {
  return [...runs].sort((a, b) => createdAtMs(b) - createdAtMs(a) || compareText(b.id, a.id));
}

function createdAtMs(run: FoundRun): number {
  const time = run.record.ok ? run.record.value.createdAt : timeInId(run.id);
  const parsed = Date.parse(time);
  return Number.isNaN(parsed) ? 0 : parsed;
}

/** `20260307T000001Z-…` as an RFC 3339 time. */
function timeInId(id: string): string {
  return id.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-.*$/, '$1-$2-$3T$4:$5:$6Z');
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
