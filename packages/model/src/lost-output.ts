import { describeFailure, failure, type Failure } from './failure.js';

/** How the command of a job ended. */
export interface CommandVerdict {
  /** Null when the command did not end by itself. */
  readonly exitCode: number | null;
  readonly message: string;
  /** Null: it passed. */
  readonly failure: Failure | null;
}

/** Why this machine could not keep what a job left, such as a full disk; null: it could. */
export interface LostOutput {
  readonly log: string | null;
  /** Of what it declared: artifacts or reports. */
  readonly artifacts: string | null;
}

/** What to do about a disk of the state root that is full. */
export const makeRoomHint =
  'Make room on the disk of the state root (npx pikaci gc, npx pikaci payload gc), or choose another --state-root.';

/**
 * The verdict on a job whose output may be lost. One that passed has failed with this machine then: what is green has its
 * evidence. Its exit code stays. Any other verdict stands: nothing that is lost makes a red job less red.
 */
export function withLostOutput(verdict: CommandVerdict, lost: LostOutput): CommandVerdict {
  const reason = lost.log ?? lost.artifacts;
  if (verdict.failure !== null || reason === null) return verdict;
  const what = lost.log === null ? 'artifacts could not be kept' : 'output could not be written';
  const failed = failure('infrastructure', `the job's ${what}`, { reason, hint: makeRoomHint });
  return { ...verdict, message: describeFailure(failed), failure: failed };
}
