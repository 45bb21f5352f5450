import type { JobExecution, JobOutcome, PikaciConfigInput, RunRecord } from '@pikaci/model';
import { runLayout } from '@pikaci/paths';
import {
  DeferredCalls,
  exampleRunId,
  fakePorts,
  runRequestOf,
  type ExampleRunRequest,
  type FakePorts,
  type FakePortsScript,
  type MemoryRun,
  type PendingCall,
} from '@pikaci/testkit';
import { executeRun } from './execute-run.js';

export const layout = runLayout('/state', exampleRunId);

/** A run whose jobs the test ends one by one, and that it may stop in every way. */
export interface DrivenRun {
  readonly ports: FakePorts;
  readonly ended: Promise<RunRecord>;
  /** The next job that is started. */
  next(): Promise<PendingCall<JobExecution, JobOutcome>>;
  readonly startedJobs: () => readonly string[];
  readonly memory: () => MemoryRun;
  readonly cancel: AbortController;
  readonly force: AbortController;
}

/** Begins a run on which time stands still. */
export function drivenRun(
  config: Omit<PikaciConfigInput, 'schemaVersion'>,
  different: Partial<ExampleRunRequest> = {},
  script: FakePortsScript = {},
): DrivenRun {
  const calls = new DeferredCalls<JobExecution, JobOutcome>();
  const run = (execution: JobExecution) => calls.call(execution);
  const ports = fakePorts({ process: { run }, incus: { run }, time: 'stands', ...script });
  const cancel = new AbortController();
  const force = new AbortController();
  const request = runRequestOf(config, {
    signal: cancel.signal,
    force: force.signal,
    ...different,
  });
  const ended = executeRun({ ...request, layout }, ports).then((outcome) => {
    if (!outcome.ok) throw new Error(outcome.error.message);
    return outcome.value;
  });
  return {
    ports,
    ended,
    next: () => calls.next(),
    startedJobs: () =>
      [...ports.process.executions, ...ports.incus.executions].map(({ job }) => job.id),
    memory: () => {
      const memory = ports.store.runs.get(exampleRunId);
      if (memory === undefined) throw new Error('the run has not been created');
      return memory;
    },
    cancel,
    force,
  };
}

/** When nothing happens any more by itself. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

export const eventNames = (run: Pick<DrivenRun, 'memory'>): string[] =>
  run.memory().events.map(({ event }) => event);
