import { begun, type Aftermath } from '../aftermath.test.helper.js';
import { objects, text } from '../disk.test.helper.js';
import { marksOf } from '../fault-world.test.helper.js';
import { naturalEnd } from '../job-kinds.test.helper.js';
import { recordedJobs, recordedRuns, type RecordedJob } from '../recorded-runs.test.helper.js';

/** Nobody lies about a job: what failed it is told, and what says that it passed has seen it pass. */
export function wrongVerdicts(world: Aftermath): readonly string[] {
  const jobs = recordedJobs(world).flatMap((job) =>
    problemsOf(world, job).map((problem) => `run ${job.run.id}: job ${job.planned.id} ${problem}`),
  );
  return [...jobs, ...internalRuns(world), ...doneTwice(world)];
}

function problemsOf(world: Aftermath, { planned, record }: RecordedJob): readonly string[] {
  const natural = naturalEnd(planned);
  const status = text(record['status']);
  const kind = text(record['failure_kind']);
  const kinds = [kind, ...objects(record['attempts']).map((one) => text(one['failure_kind']))];
  const problems = kinds.flatMap((one) => {
    if (one === '' || mayBe(world, one, natural.failureKind)) return [];
    return [`says ${one}, and would have ended as ${natural.failureKind ?? 'passed'}`];
  });
  if (status === 'passed') {
    if (natural.status !== 'passed') problems.push('is said to have passed');
    if (tellsMarks(world, planned.runtime) && !marksOf(world, planned.id).includes('end')) {
      problems.push('is said to have passed, and has not come to its end');
    }
  }
  if (kind === 'job' && record['exit_code'] !== natural.exitCode) {
    problems.push(`has the exit code ${String(record['exit_code'])}`);
  }
  if (status === 'skipped' && !isDisturbed(world) && planned.needs.length === 0) {
    problems.push('was skipped for nothing');
  }
  return problems;
}

/** True when something came between: then jobs may end as the fault or the interruption makes them. */
function isDisturbed({ fired, interrupted, plan, ended }: Aftermath): boolean {
  return interrupted || ended.hung || (fired && plan.fault?.action !== 'delay');
}

function mayBe(world: Aftermath, kind: string, natural: string | null): boolean {
  if (kind === natural) return true;
  const { fired, interrupted, plan } = world;
  const action = fired ? plan.fault?.action : undefined;
  switch (kind) {
    case 'infrastructure':
      return action === 'kill' || action === 'error';
    case 'cancelled':
      return interrupted || action === 'kill';
    default:
      return false;
  }
}

function tellsMarks({ server }: Aftermath, runtime: string): boolean {
  return server.sharesFiles || runtime === 'process';
}

/** An `internal` failure is a defect of pikaci, whatever happened. */
function internalRuns(world: Aftermath): readonly string[] {
  return recordedRuns(world).flatMap(({ id, record }) =>
    record?.['failure_kind'] === 'internal' ? [`run ${id} says internal`] : [],
  );
}

/** A result that was there is not made again: going on with a run keeps it. */
function doneTwice(world: Aftermath): readonly string[] {
  if (world.plan.followUp !== 'resume') return [];
  return recordedJobs(world).flatMap(({ run, planned }) => {
    const before = world.results.get(`${run.id}/${planned.id}`);
    const isAgain = before !== undefined && begun(world, planned.id) > before;
    return isAgain ? [`run ${run.id}: job ${planned.id} had a result, and was run again`] : [];
  });
}
