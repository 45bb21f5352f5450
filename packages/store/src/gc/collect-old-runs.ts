import {
  ok,
  type Clock,
  type Failure,
  type Outcome,
  type RunDecision,
  type RunGarbageReport,
  type RunLimits,
  type RunRecord,
} from '@pikaci/model';
import { findBrokenRemovals, sweepBrokenRemovals } from './broken-removals.js';
import { planRunGarbage } from './plan-run-garbage.js';
import { removeRun } from './remove-run.js';
import { findRunCandidates, protectionOf } from './run-candidates.js';
import type { OnRunRemovalStep } from './removal-steps.js';

/** Which runs are removed, and how. */
export interface OldRunsOptions {
  readonly stateRoot: string;
  /** Null: the usual retention. */
  readonly limits: RunLimits | null;
  /** True: only tell. */
  readonly dryRun: boolean;
  readonly clock: Clock;
  /** Tells whether somebody could go on with a run that has ended. */
  readonly isResumable: (record: RunRecord) => boolean;
  /** Hears how far each removal is; what it returns is waited for. */
  readonly onStep?: OnRunRemovalStep;
}

/** Removes what broken off removals have left, and old runs until the limits hold. */
export async function collectOldRuns(options: OldRunsOptions): Promise<Outcome<RunGarbageReport>> {
  const { stateRoot, limits, dryRun, clock } = options;
  const leftovers = await findBrokenRemovals(stateRoot);
  if (!dryRun) await sweepBrokenRemovals(stateRoot);
  const found = await findRunCandidates(stateRoot, options.isResumable);
  if (!found.ok) return found;
  const { candidates, damaged } = found.value;
  const plan = planRunGarbage({ candidates, limits, now: clock.now() });
  const { decisions, failures } = dryRun
    ? { decisions: plan, failures: [] }
    : await carryOut(options, plan);
  const removed = decisions.filter(({ removal }) => removal !== null);
  const kept = decisions.filter(({ removal }) => removal === null);
  return ok({
    dryRun,
    limits,
    removed,
    kept,
    damaged,
    leftovers,
    freedBytes: sizeOf(removed),
    keptBytes: sizeOf(kept),
    failures,
  });
}

/** The decisions as they came out: what was pinned or gone on with in the meantime stays. */
async function carryOut(
  { stateRoot, onStep }: OldRunsOptions,
  plan: readonly RunDecision[],
): Promise<{ readonly decisions: readonly RunDecision[]; readonly failures: Failure[] }> {
  const decisions: RunDecision[] = [];
  const failures: Failure[] = [];
  for (const decision of plan) {
    if (decision.removal === null) {
      decisions.push(decision);
      continue;
    }
    const { runId, endedAt } = decision;
    const step = onStep === undefined ? {} : { onStep };
    const removed = await removeRun({ stateRoot, runId, endedAt, ...step });
    if (!removed.ok) {
      failures.push(removed.error);
      decisions.push({ ...decision, removal: null, keep: 'not removable' });
    } else if (removed.value === 'removed') decisions.push(decision);
    else if (removed.value === 'kept') {
      // Without another reason a living process has it, or had it since.
      const keep = (await protectionOf(stateRoot, decision)) ?? 'running';
      decisions.push({ ...decision, removal: null, keep });
    }
  }
  return { decisions, failures };
}

function sizeOf(decisions: readonly RunDecision[]): number {
  return decisions.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
