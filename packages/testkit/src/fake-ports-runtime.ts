import {
  failure,
  ok,
  type FailureKind,
  type JobExecution,
  type JobOutcome,
  type Outcome,
  type Runtime,
  type RuntimeId,
  type RuntimePrepareRequest,
  type ShellEnd,
  type SweepReport,
  type SweepRequest,
} from '@pikaci/model';

/** What a scripted runtime does. Whatever is left out succeeds at once. */
export interface FakeRuntimeScript {
  readonly prepare?: (request: RuntimePrepareRequest) => Promise<Outcome<void>>;
  readonly run?: (execution: JobExecution) => Promise<JobOutcome>;
  readonly attach?: (execution: JobExecution) => Promise<JobOutcome | null>;
  readonly sweep?: (request: SweepRequest) => Promise<SweepReport>;
  readonly close?: () => Promise<readonly string[]>;
}

/** The outcome of a job whose command ended with 0. */
export function passedOutcome(changes: Partial<JobOutcome> = {}): JobOutcome {
  return {
    verdict: 'passed',
    exitCode: 0,
    message: 'command passed',
    failure: null,
    execution: null,
    payloads: [],
    artifacts: [],
    reports: [],
    notes: [],
    released: Promise.resolve(),
    ...changes,
  };
}

/** The outcome of a job that failed: by its command (kind `job`, exit code 1), or in another way (no exit code). */
export function failedOutcome(kind: FailureKind = 'job', message = `failed: ${kind}`): JobOutcome {
  return passedOutcome({
    verdict: 'failed',
    exitCode: kind === 'job' ? 1 : null,
    message,
    failure: failure(kind, message),
  });
}

/** A runtime that runs nothing: it does what its script says and remembers what was asked of it. */
export class FakeRuntime implements Runtime {
  readonly id: RuntimeId;
  readonly executions: JobExecution[] = [];
  readonly attached: JobExecution[] = [];
  readonly prepared: string[] = [];
  sweeps = 0;
  closed = 0;
  readonly #script: FakeRuntimeScript;

  constructor(id: RuntimeId = 'process', script: FakeRuntimeScript = {}) {
    this.id = id;
    this.#script = script;
  }

  prepare(request: RuntimePrepareRequest): Promise<Outcome<void>> {
    this.prepared.push(request.jobId);
    return this.#script.prepare?.(request) ?? Promise.resolve(ok(undefined));
  }

  run(execution: JobExecution): Promise<JobOutcome> {
    this.executions.push(execution);
    return this.#script.run?.(execution) ?? Promise.resolve(passedOutcome());
  }

  attach(execution: JobExecution): Promise<JobOutcome | null> {
    this.attached.push(execution);
    return this.#script.attach?.(execution) ?? Promise.resolve(null);
  }

  openShell(): Promise<Outcome<ShellEnd>> {
    return Promise.resolve(ok({ exitCode: 0, left: [] }));
  }

  sweep(request: SweepRequest): Promise<SweepReport> {
    this.sweeps += 1;
    return this.#script.sweep?.(request) ?? Promise.resolve({ removed: [], problems: [] });
  }

  close(): Promise<readonly string[]> {
    this.closed += 1;
    return this.#script.close?.() ?? Promise.resolve([]);
  }
}
