import type { PlanRecord, PreparedOutputRecord, RunEvent, RunRecord } from '@pikaci/model';

/** All that is on disk of a run that has ended, as far as its trace is made of it. */
export interface RecordedRun {
  readonly record: RunRecord;
  readonly events: readonly RunEvent[];
  /** Null: it ended before it was planned. */
  readonly plan: PlanRecord | null;
  readonly outputs: readonly PreparedOutputRecord[];
  /** That of pikaci itself. */
  readonly exitCode: number;
}

/** An event of one kind. */
export type EventOf<Name extends RunEvent['event']> = Extract<RunEvent, { event: Name }>;

/** The events of one kind, in order. */
export function eventsOf<Name extends RunEvent['event']>(
  events: readonly RunEvent[],
  name: Name,
): readonly EventOf<Name>[] {
  return events.filter((event): event is EventOf<Name> => event.event === name);
}

/** A recorded time as Unix time in milliseconds; null for none, and for what is no time. */
export function timeMs(text: string | null): number | null {
  const parsed = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(parsed) ? null : parsed;
}
