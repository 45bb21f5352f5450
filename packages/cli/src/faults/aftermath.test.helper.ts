import { hasFired, type FaultWorld } from './fault-world.test.helper.js';
import { marksOf } from './fault-world.test.helper.js';
import { recordedJobs } from './recorded-runs.test.helper.js';
import type { PikaciEnd } from './run-faulty-pikaci.test.helper.js';

/** A world in which a pikaci has run with a fault, and somebody has cleaned up after it. */
export interface Aftermath extends FaultWorld {
  readonly ended: PikaciEnd;
  readonly fired: boolean;
  readonly interrupted: boolean;
  /** How often jobs whose results were there after the fault had begun by then, by run and job. */
  readonly results: ReadonlyMap<string, number>;
}

/** Takes down what there is right after the fault. */
export function aftermathOf(world: FaultWorld, ended: PikaciEnd): Aftermath {
  return {
    ...world,
    ended,
    fired: hasFired(world),
    interrupted: ended.stderr.includes('cancelling'),
    results: resultsIn(world),
  };
}

function resultsIn(world: FaultWorld): ReadonlyMap<string, number> {
  return new Map(
    recordedJobs(world).flatMap(({ run, planned, record }) =>
      record['status'] === 'passed' || record['failure_kind'] === 'job'
        ? [[`${run.id}/${planned.id}`, begun(world, planned.id)]]
        : [],
    ),
  );
}

/** How often a job has begun, in all runs. */
export function begun(world: FaultWorld, jobId: string): number {
  return marksOf(world, jobId).filter((mark) => mark === 'begin').length;
}
