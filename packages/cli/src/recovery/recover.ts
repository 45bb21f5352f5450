import { closeAbandonedRun, tellUntoldEnd } from '@pikaci/engine';
import { isOwnerAlive } from '@pikaci/host';
import type { KeptPlace, RunPlace } from '@pikaci/model';
import { runLayout } from '@pikaci/paths';
import {
  createRunStore,
  endRunLease,
  findOpenRuns,
  findUnrecordedRuns,
  isOwnerGone,
  readRunLeases,
  removeTemporaryFiles,
  removeUnrecordedRuns,
  systemOwnerProbe,
  takeRunLease,
  type FoundRunLease,
} from '@pikaci/store';
import type { Session } from '../session.js';
import { isAbandoned } from './abandoned.js';
import { closeAbandonedRuns, closeRun, type CloseWorld, type ClosedRun } from './close-runs.js';
import { placeKey, sweepCaches, sweepPlaces } from './sweep-places.js';

/** What was found of processes that are gone, and what became of it. */
export interface Recovery {
  readonly closed: readonly ClosedRun[];
  readonly removed: readonly string[];
  readonly problems: readonly string[];
  /** What is kept on purpose, where that was looked at. */
  readonly kept: readonly KeptPlace[];
}

export interface RecoverOptions {
  /** The run that this process wants to go on with: it is neither closed nor is anything of it removed. */
  readonly except?: string;
  /** Looks everywhere, also when no run seems to have left anything. */
  readonly thorough?: boolean;
  /** Also removes what is kept on purpose. */
  readonly removesKept?: boolean;
  /** Where to look besides where runs said that they are. */
  readonly places?: readonly RunPlace[];
}

/**
 * Closes the runs whose processes are gone, and removes what they left: processes, working trees, instances, half-made
 * files. What cannot be removed now, because a server cannot be reached, say, is tried again by the next command.
 */
export async function recover(
  session: Pick<Session, 'io'>,
  stateRoot: string,
  options: RecoverOptions = {},
): Promise<Recovery> {
  const { except = null, thorough = false, removesKept = false, places = [] } = options;
  const { closed, problems } = await closeAbandonedRuns(closeWorld(session, stateRoot), except);
  const dead = (await deadLeases(stateRoot)).filter(({ runId }) => runId !== except);
  const now = session.io.clock.now();
  const leases = thorough ? dead : dead.filter((lease) => !isKept(lease, now));
  if (closed.length === 0 && leases.length === 0 && !thorough) {
    return { closed, removed: [], problems, kept: [] };
  }
  // Those that had their last record when they were killed, and perhaps not their last event.
  for (const { runId } of leases) await closeRun(closeWorld(session, stateRoot), runId);
  const store = createRunStore({ stateRoot });
  const wanted = [...leases.flatMap((lease) => lease.places), ...places];
  const reports = await sweepPlaces(stateRoot, wanted, {
    isAbandoned: async (remains) => remains.runId !== except && isAbandoned(store, remains),
    removesKept,
    signal: new AbortController().signal,
  });
  const kept = reports.flatMap((report) => report.kept);
  await sweepCaches(stateRoot, session.io.env);
  const unrecorded = await findUnrecordedRuns(stateRoot, session.io.clock.now());
  const emptied = await removeUnrecordedRuns(stateRoot, unrecorded);
  const clean = new Set(
    reports
      .filter((report) => report.problems.length === 0)
      .map(({ place }) => (place === null ? '' : placeKey(place))),
  );
  for (const lease of leases) {
    const isClean = ['', ...lease.places.map(placeKey)].every((key) => clean.has(key));
    if (isClean) await settleLease(stateRoot, lease, kept);
  }
  return {
    closed,
    removed: [
      ...reports.flatMap((report) => report.removed),
      ...emptied.map((runId) => `the directory of run ${runId}, which never began`),
    ],
    problems: [...problems, ...reports.flatMap((report) => report.problems)],
    kept,
  };
}

/** True while something of the run is kept on purpose: then there is nothing to sweep. */
export function isKept({ keptUntil }: FoundRunLease, now: Date): boolean {
  return keptUntil !== null && Date.parse(keptUntil) > now.getTime();
}

/** Ends a lease when nothing is left; what is kept has one until its time is over. */
async function settleLease(
  stateRoot: string,
  { name, runId, owner, places }: FoundRunLease,
  kept: readonly KeptPlace[],
): Promise<void> {
  const until = kept.filter((place) => place.runId === runId).map((place) => place.until);
  const last = until.sort().at(-1);
  if (last === undefined || name !== runId) await endRunLease(stateRoot, name);
  else await takeRunLease(stateRoot, name, places, owner ?? undefined, last);
}

/** How runs are closed under a state root. */
export function closeWorld(session: Pick<Session, 'io'>, stateRoot: string): CloseWorld {
  const store = createRunStore({ stateRoot });
  const probe = systemOwnerProbe();
  const ports = { store, clock: session.io.clock, reporter: silentReporter };
  return {
    store,
    findOpenRuns: () => findOpenRuns(stateRoot),
    isOwnerGone: (record) => isOwnerGone(record, probe),
    close: (adopted) =>
      closeAbandonedRun(adopted, runLayout(stateRoot, adopted.record.runId), ports),
    tellEnd: (adopted) => tellUntoldEnd(adopted, ports),
    removeTemporaryFiles: (runId) => removeTemporaryFiles(stateRoot, runId),
  };
}

/** The events of a run that is closed are on disk; nobody follows them. */
const silentReporter = {
  onEvent: () => undefined,
  onOutput: () => undefined,
  onPrepareOutput: () => undefined,
  onWarning: () => undefined,
};

/** Leases whose owners are gone, or cannot be told. */
export async function deadLeases(stateRoot: string): ReturnType<typeof readRunLeases> {
  const dead = [];
  for (const lease of await readRunLeases(stateRoot)) {
    if (lease.owner === null || !(await isOwnerAlive(lease.owner))) dead.push(lease);
  }
  return dead;
}
