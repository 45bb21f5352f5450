import type { Outcome } from '../failure.js';

/** A place in a group that is held. */
export interface GroupPlace {
  /** Gives it up; more than once is fine. */
  leave(): Promise<void>;
}

export interface EnterGroupRequest {
  readonly group: string;
  /** How many may be in the group at once. */
  readonly limit: number;
  /** Who enters, for those who wait behind: such as `job deploy of run 2026…`. */
  readonly who: string;
  readonly signal: AbortSignal;
  /** Hears, once for each change, who is in the group while this one waits. */
  readonly onWait: (inside: readonly string[]) => void;
}

/** Groups of which only so many members run at a time, over all pikaci processes of a user on a machine. */
export interface ConcurrencyGroups {
  /** Waits for a place, in the order of arrival. The places of processes that are gone are free. */
  enter(request: EnterGroupRequest): Promise<Outcome<GroupPlace>>;
}
