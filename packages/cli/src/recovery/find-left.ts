import { findDeadStagingDirectories } from '@pikaci/host';
import type { KeptPlace, Remains, RunPlace } from '@pikaci/model';
import { snapshotsDirectory } from '@pikaci/paths';
import { findLeftovers } from '@pikaci/payloads';
import {
  createRunStore,
  findBrokenRemovals,
  findOpenRuns,
  findUnrecordedRuns,
} from '@pikaci/store';
import type { Session } from '../session.js';
import { isAbandoned } from './abandoned.js';
import { closeWorld, deadLeases } from './recover.js';
import { sweepPlaces } from './sweep-places.js';

/** What dead processes have left, as it is found without changing anything. */
export interface Left {
  /** Runs that say they are running, and whose processes are gone. */
  readonly abandoned: readonly string[];
  /** Runs of which something is left outside of their records: instances, processes, working trees. */
  readonly remains: readonly string[];
  /** Paths of half-made things. */
  readonly files: readonly string[];
  readonly problems: readonly string[];
  /** What is kept on purpose. */
  readonly kept: readonly KeptPlace[];
}

/** Looks for everything that `recover` would close or remove. */
export async function findLeft(
  session: Pick<Session, 'io'>,
  stateRoot: string,
  places: readonly RunPlace[],
  removesKept = false,
): Promise<Left> {
  const world = closeWorld(session, stateRoot);
  const open = await findOpenRuns(stateRoot);
  const abandoned = (open.ok ? open.value : []).flatMap(({ runId, record }) =>
    record.ok && world.isOwnerGone(record.value) ? [runId] : [],
  );
  const leases = await deadLeases(stateRoot);
  const remains = new Set<string>();
  const store = createRunStore({ stateRoot });
  const wanted = [...leases.flatMap((lease) => lease.places), ...places];
  const reports = await sweepPlaces(stateRoot, wanted, {
    // The answer is kept and not given: so nothing is removed.
    isAbandoned: async (one: Remains) => {
      if (abandoned.includes(one.runId) || (await isAbandoned(store, one))) remains.add(one.runId);
      return false;
    },
    removesKept,
    signal: new AbortController().signal,
  });
  return {
    abandoned,
    remains: [...remains].sort(),
    files: await leftFiles(session, stateRoot),
    problems: reports.flatMap((report) => report.problems),
    kept: reports.flatMap((report) => report.kept),
  };
}

/** Half-made things on this machine: told by names alone, at once. */
export async function leftFiles(
  session: Pick<Session, 'io'>,
  stateRoot: string,
): Promise<readonly string[]> {
  const { stagingDirectories, locks, leases } = await findLeftovers(stateRoot);
  const unrecorded = await findUnrecordedRuns(stateRoot, session.io.clock.now());
  const snapshots = await findDeadStagingDirectories(snapshotsDirectory(stateRoot));
  const removals = await findBrokenRemovals(stateRoot);
  return [...snapshots, ...removals, ...stagingDirectories, ...locks, ...leases, ...unrecorded];
}
