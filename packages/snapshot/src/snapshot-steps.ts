import { reachFaultPoint } from '@pikaci/model';

/** What happens, in this order, when a snapshot is made that is not in the store yet. */
export const snapshotSteps = [
  /** The staging directory is there, and empty. */
  'staged',
  /** The list of entries is written. */
  'listed',
  /** All files are there. */
  'filled',
  /** The marker is written: nothing is missing any more. */
  'marked',
  /** It has the name under which it is found. */
  'published',
] as const;
export type SnapshotStep = (typeof snapshotSteps)[number];

/** Hears of each step when it is done, before the next one begins. */
export type OnSnapshotStep = (step: SnapshotStep) => void | Promise<void>;

/** Tells of each step, and says that its fault point is reached. */
export function snapshotStepTeller(onStep: OnSnapshotStep | undefined): OnSnapshotStep {
  return async (step) => {
    await onStep?.(step);
    await reachFaultPoint(`snapshot.${step}`);
  };
}
