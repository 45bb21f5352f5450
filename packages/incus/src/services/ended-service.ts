import { describeFailure, failure, type Failure, type JobServiceRecord } from '@pikaci/model';
import type { ServicePlan } from './service-plan.js';

/** A service, and the instance that it ran in. */
export interface NamedService {
  readonly plan: Pick<ServicePlan, 'name'>;
  readonly instance: string;
}

/** How a service's command ended. */
export interface ServiceEnd {
  /** Null when it is not known. */
  readonly exitCode: number | null;
  /** It had not been asked to, as its guest or the loss of that tells. */
  readonly byItself: boolean;
  /** What became of its instance under it; null: nothing. */
  readonly lost: string | null;
}

/** What there is to say of a service that has ended. */
export interface EndedService {
  readonly state: JobServiceRecord['state'];
  readonly exitCode: number | null;
  readonly notes: readonly string[];
  /** Why a job that failed with it may have failed by that; null: its instance was not lost. */
  readonly lost: Failure | null;
}

/** The failure of a job whose service lost its instance. */
export function lostService({ plan, instance }: NamedService, reason: string): Failure {
  return failure('infrastructure', `the instance of service \`${plan.name}\` was lost`, {
    location: { instance },
    reason,
    hint: 'This is no verdict on the job: run it again.',
  });
}

/**
 * What became of a service.
 *
 * @param problem why it could not be used; null: it could
 */
export function endedService(
  service: NamedService,
  problem: Failure | null,
  { exitCode, byItself, lost }: ServiceEnd,
  notes: readonly string[],
): EndedService {
  const code = byItself ? exitCode : null;
  if (problem !== null) {
    const isSlow = problem.kind === 'job' && !byItself;
    const state = problem.kind === 'cancelled' ? 'cancelled' : isSlow ? 'not_ready' : 'failed';
    return { state, exitCode: code, notes, lost: null };
  }
  if (!byItself) return { state: 'stopped', exitCode: null, notes, lost: null };
  const why = lost === null ? null : lostService(service, lost);
  const how = code === null ? '' : ` with ${code}`;
  const note =
    why === null
      ? `service \`${service.plan.name}\` ended by itself${how} while the job ran`
      : `${describeFailure(why)}, while the job ran`;
  return { state: 'ended', exitCode: code, notes: [...notes, note], lost: why };
}
