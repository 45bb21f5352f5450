import {
  jobRecordSchema,
  runRecordSchema,
  type JobRecord,
  type RunEvent,
  type UnstampedRunEvent,
} from '@pikaci/model';

/** A run of many jobs, each of which prints line by line. */
export interface LongRun {
  readonly jobs: number;
  /** How many run at the same time. */
  readonly atOnce: number;
  readonly jobSeconds: number;
  /** Of each job. */
  readonly linesPerSecond: number;
}

/** What a reporter hears at a moment. */
export type Moment = { readonly atMs: number } & (
  { readonly event: RunEvent } | { readonly jobId: string; readonly chunk: Uint8Array }
);

const runId = '20260307T000001Z-aaaa0001';
const time = '2026-03-07T00:00:01.000+00:00';

/** All that is heard of such a run, in order: its jobs begin and end one after the other, as a pool of them does. */
export function momentsOf(run: LongRun): readonly Moment[] {
  const ids = Array.from({ length: run.jobs }, (_, index) => `package-${index + 1}:test`);
  const jobMs = run.jobSeconds * 1000;
  const heard: { atMs: number; event: UnstampedRunEvent }[] = [
    event(0, { event: 'plan_made', runId, planPath: '/plan', prepareNodeIds: [], jobIds: ids }),
  ];
  const printed: Moment[] = [];
  ids.forEach((id, index) => {
    const startMs =
      Math.floor(index / run.atOnce) * jobMs + (index % run.atOnce) * (jobMs / run.atOnce);
    heard.push(
      event(startMs, { event: 'job_started', runId, job: jobOf(id, 'running') }),
      event(startMs, { event: 'job_phase', runId, jobId: id, phase: 'launch_guest' }),
      event(startMs + 1, { event: 'job_phase', runId, jobId: id, phase: 'wait_for_completion' }),
      event(startMs + jobMs - 1, { event: 'job_finished', runId, job: jobOf(id, 'passed') }),
    );
    const lines = run.jobSeconds * run.linesPerSecond;
    for (let line = 1; line < lines; line += 1) {
      const atMs = startMs + (line * 1000) / run.linesPerSecond;
      printed.push({ atMs, jobId: id, chunk: lineOf(id, line) });
    }
  });
  const stamped = heard
    .sort((one, other) => one.atMs - other.atMs)
    .map(({ atMs, event }, index) => ({ atMs, event: { ...event, sequence: index + 1, time } }));
  return [...stamped, ...printed].sort((one, other) => one.atMs - other.atMs);
}

/** The end of such a run. */
export function runFinished(): RunEvent {
  const run = runRecordSchema.parse({
    runId,
    status: 'passed',
    targetId: 'all',
    sourceRoot: '/workspace',
    snapshotDir: '/snapshot',
    createdAt: time,
    finishedAt: time,
    jobs: [],
  });
  return { event: 'run_finished', run, sequence: 0, time };
}

function event(atMs: number, what: UnstampedRunEvent): { atMs: number; event: UnstampedRunEvent } {
  return { atMs, event: what };
}

function jobOf(id: string, status: JobRecord['status']): JobRecord {
  return jobRecordSchema.parse({
    id,
    description: id,
    status,
    executor: 'host_local',
    timeoutSecs: 60,
    hostLogPath: `/state/${id}/host.log`,
    guestLogPath: `/state/${id}/guest.log`,
    startedAt: time,
    finishedAt: status === 'running' ? null : time,
  });
}

/** A line as test runners print it: coloured, and wider than most terminals now and then. */
function lineOf(id: string, line: number): Uint8Array {
  const green = '\u001b[32m✓\u001b[39m';
  const text = ` ${green} ${id} > module ${line % 7} > does what case ${line} asks for ${'and more '.repeat(line % 12)}\u001b[2m${line % 90}ms\u001b[22m\n`;
  return new TextEncoder().encode(text);
}
