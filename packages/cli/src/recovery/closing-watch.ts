import type { JobOutcome, Runtime, RuntimeId } from '@pikaci/model';

/** Runtimes of a run, and whether they have removed all that they made. */
export interface WatchedRuntimes {
  readonly runtimes: ReadonlyMap<RuntimeId, Runtime>;
  /** False while a runtime that ran a job is not closed, and when one could not remove something. */
  isClean(): boolean;
  /** Until when places of jobs are kept: the latest time (RFC 3339); null when none is. */
  keptUntil(): string | null;
}

/** Watches how runtimes are used and closed: what they could not remove is left to the next command. */
export function watchClosing(runtimes: ReadonlyMap<RuntimeId, Runtime>): WatchedRuntimes {
  const inUse = new Set<RuntimeId>();
  const kept: string[] = [];
  const watch = <T extends JobOutcome | null>(outcome: T): T => {
    if (outcome?.keptUntil !== undefined) kept.push(outcome.keptUntil);
    return outcome;
  };
  const watched = [...runtimes].map(([id, runtime]): [RuntimeId, Runtime] => [
    id,
    {
      id,
      prepare: (request) => runtime.prepare(request),
      sweep: (request) => runtime.sweep(request),
      openShell: (request) => runtime.openShell(request),
      run: (execution) => {
        inUse.add(id);
        return runtime.run(execution).then(watch);
      },
      attach: (execution) => {
        inUse.add(id);
        return runtime.attach(execution).then(watch);
      },
      close: async () => {
        const left = await runtime.close();
        if (left.length === 0) inUse.delete(id);
        return left;
      },
    },
  ]);
  return {
    runtimes: new Map(watched),
    isClean: () => inUse.size === 0,
    keptUntil: () => kept.sort().at(-1) ?? null,
  };
}
