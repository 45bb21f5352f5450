import type { DoctorCheck } from '@pikaci/model';
import { findOpenRuns, type FoundRunLease } from '@pikaci/store';
import { leftFiles } from '../recovery/find-left.js';
import { closeWorld, deadLeases, isKept } from '../recovery/recover.js';
import type { Session } from '../session.js';
import { found, limited } from './checks.js';

/** What processes that were killed have left under the state root, as far as its files tell. */
export async function leftoversCheck(session: Session, stateRoot: string): Promise<DoctorCheck> {
  const world = closeWorld(session, stateRoot);
  const open = await findOpenRuns(stateRoot);
  const runs = open.ok ? open.value : [];
  const abandoned = runs.filter(({ record }) => record.ok && world.isOwnerGone(record.value));
  const ids = new Set(abandoned.map(({ runId }) => runId));
  const dead = (await deadLeases(stateRoot)).filter(({ runId }) => !ids.has(runId));
  const now = session.io.clock.now();
  const leases = dead.filter((lease) => !isKept(lease, now));
  const kept = dead.filter((lease) => isKept(lease, now)).map(keptText);
  const files = await leftFiles(session, stateRoot);
  const left = [
    ...abandoned.map(({ runId }) => `run ${runId} was broken off`),
    ...leases.map(({ runId }) => `run ${runId} may have left something`),
    ...(files.length === 0 ? [] : [`${files.length} half-made files or directories`]),
  ];
  if (left.length === 0) return found('leftovers', kept.length === 0 ? 'none' : kept.join('; '));
  return limited(
    'leftovers',
    [...left, ...kept].join('; '),
    'The next run cleans up; so does `npx pikaci sweep`. `npx pikaci resume` goes on with a run.',
  );
}

function keptText({ runId, keptUntil }: FoundRunLease): string {
  return `instances of failed jobs of run ${runId} are kept until ${keptUntil ?? ''} (npx pikaci sweep --kept removes them)`;
}
