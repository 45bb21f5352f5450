/** What happens, in this order, when a payload is removed from the store. */
export const removalSteps = [
  /** Nobody builds it or finds it without waiting. */
  'locked',
  /** Nobody uses it. */
  'checked',
  /** What explains a later miss is written. */
  'remembered',
  /** It no longer has the name under which it is found. */
  'renamed',
  /** Its files are gone. */
  'removed',
] as const;
export type RemovalStep = (typeof removalSteps)[number];

/** Hears of each step when it is done, before the next one begins. */
export type OnRemovalStep = (step: RemovalStep) => void | Promise<void>;
