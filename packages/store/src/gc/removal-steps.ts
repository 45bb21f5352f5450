import { reachFaultPoint } from '@pikaci/model';

/** What happens, in this order, when a run is removed. */
export const runRemovalSteps = [
  /** Nobody goes on with it. */
  'locked',
  /** It may still be removed. */
  'checked',
  /** It no longer has the name under which it is found. */
  'renamed',
  /** Its files are gone. */
  'removed',
] as const;
export type RunRemovalStep = (typeof runRemovalSteps)[number];

/** Hears of each step when it is done, before the next one begins. */
export type OnRunRemovalStep = (step: RunRemovalStep) => void | Promise<void>;

/** Tells of each step, and says that its fault point is reached. */
export function runRemovalStepTeller(onStep: OnRunRemovalStep | undefined): OnRunRemovalStep {
  return async (step) => {
    await onStep?.(step);
    await reachFaultPoint(`gc.${step}`);
  };
}
