import type { Timer } from '@pikaci/model';

/**
 * How long what is ended by force may take to end: killing processes and an instance takes less than a second each, and
 * a person who asked twice does not wait longer than this.
 */
export const forcedEndMs = 5000;

/**
 * Waits for a step; when it is ended by force and has not ended {@link forcedEndMs} later, goes on without it.
 *
 * @param instead the result then
 */
export function endByForce<T>(
  timer: Timer,
  force: AbortSignal,
  step: Promise<T>,
  instead: () => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let stopTimer: () => void = () => undefined;
    const onForce = () => {
      stopTimer = timer.after(forcedEndMs, () => resolve(instead()));
    };
    const end = () => {
      force.removeEventListener('abort', onForce);
      stopTimer();
    };
    if (force.aborted) onForce();
    else force.addEventListener('abort', onForce, { once: true });
    step.then(resolve, reject).finally(end);
  });
}
