/**
 * Moments of a run at which a process may die, a disk fill up or a server go away, by name: where tests make that happen.
 * Each lies right after the deed that it is named for.
 */
export const runFaultPoints = [
  'store.run-created',
  'store.record-staged',
  'store.record-written',
  'store.event-appended',
  'snapshot.staged',
  'snapshot.listed',
  'snapshot.filled',
  'snapshot.marked',
  'snapshot.published',
  'payload.locked',
  'payload.staged',
  'payload.built',
  'payload.recorded',
  'payload.published',
  'payload.exposed',
  'engine.planned',
  'engine.node-started',
  'engine.job-recorded',
  'engine.job-ran',
  'engine.job-finished',
  'engine.verdict',
  'incus.created',
  'incus.started',
  'incus.guest-ready',
  'incus.command-started',
  'incus.command-ended',
  'incus.collected',
  'incus.removed',
] as const;

/** The same of the removal of an old run. */
export const gcFaultPoints = ['gc.locked', 'gc.checked', 'gc.renamed', 'gc.removed'] as const;

/** All of them. */
export const faultPoints = [...runFaultPoints, ...gcFaultPoints] as const;
export type FaultPoint = (typeof faultPoints)[number];

/** What a test does at a fault point: nothing, wait, throw what the system would throw, or end the process. */
export type FaultHandler = (point: FaultPoint) => void | Promise<void>;

let handler: FaultHandler | null = null;

/** Has a handler hear of every fault point of this process; for tests alone. Returns what takes it away again. */
export function handleFaultPoints(given: FaultHandler): () => void {
  handler = given;
  return () => {
    if (handler === given) handler = null;
  };
}

/** Says that a fault point is reached. Rejects with what the handler throws; without a handler nothing happens. */
export async function reachFaultPoint(point: FaultPoint): Promise<void> {
  if (handler !== null) await handler(point);
}
