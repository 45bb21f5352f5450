import { faultPoints, reachFaultPoint, type FaultPoint } from '@pikaci/model';

/** What happens, in this order, when a payload is prepared that is not in the store yet. */
export const payloadSteps = [
  /** Its key is known. */
  'identified',
  /** A lease keeps a payload with this key from being collected. */
  'leased',
  /** Nobody else builds it. */
  'locked',
  /** The staging directory is there, and its directories are empty. */
  'staged',
  /** The build has ended well. */
  'built',
  /** The output is in a directory that no build has seen. */
  'packaged',
  /** It has been checked, its modes are right, and its digest is known. */
  'settled',
  /** The record is written, and all of it is on the disk. */
  'recorded',
  /** It has the name under which it is found. */
  'published',
  /** Others may build this key. */
  'unlocked',
] as const;
export type PayloadStep = (typeof payloadSteps)[number];

/** Hears of each step when it is done, before the next one begins. */
export type OnPayloadStep = (step: PayloadStep) => void | Promise<void>;

const pointsOfSteps = new Map<string, FaultPoint>(
  faultPoints.flatMap((point) =>
    point.startsWith('payload.') ? [[point.slice('payload.'.length), point] as const] : [],
  ),
);

/** Tells of each step, and says that its fault point is reached, where it has one. */
export function payloadStepTeller(onStep: OnPayloadStep | undefined): OnPayloadStep {
  return async (step) => {
    await onStep?.(step);
    const point = pointsOfSteps.get(step);
    if (point !== undefined) await reachFaultPoint(point);
  };
}
