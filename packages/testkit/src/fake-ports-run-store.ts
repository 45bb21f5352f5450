import {
  fail,
  jobRecordCodec,
  ok,
  type AdoptedRun,
  planRecordCodec,
  preparedOutputsRecordCodec,
  runEventCodec,
  runRecordCodec,
  type Failure,
  type JobRecord,
  type Outcome,
  type PlanRecord,
  type PreparedOutputsRecord,
  type RunEvent,
  type RunRecord,
  type RunRequestRecord,
  type RunStore,
  type RunWriter,
} from '@pikaci/model';

/** One write, by the name of what was written: `run`, `plan`, `prepared-outputs`, `job <id>`, `event <name>`… */
export type WriteName = string;

/** Everything one run wrote, in memory. Values went through their codecs, so an invalid one is an exception. */
export class MemoryRun implements RunWriter {
  readonly runs: RunRecord[] = [];
  readonly plans: PlanRecord[] = [];
  readonly preparedOutputs: PreparedOutputsRecord[] = [];
  readonly jobs: JobRecord[] = [];
  readonly createdJobs: string[] = [];
  readonly events: RunEvent[] = [];
  readonly logs = new Map<string, string>();
  /** The order of all writes. */
  readonly order: WriteName[] = [];
  readonly setAside: string[] = [];
  closed = false;
  /** The process that wrote it is gone. */
  abandoned = false;
  readonly #listeners = new Set<(request: RunRequestRecord) => void>();
  readonly #failing: (write: WriteName) => Failure | null;

  constructor(failing: (write: WriteName) => Failure | null) {
    this.#failing = failing;
  }

  writeRun(record: RunRecord): Promise<Outcome<void>> {
    runRecordCodec.encode(record);
    return this.#write(`run ${record.status}`, () => this.runs.push(structuredClone(record)));
  }

  writePlan(record: PlanRecord): Promise<Outcome<void>> {
    planRecordCodec.encode(record);
    return this.#write('plan', () => this.plans.push(record));
  }

  writePreparedOutputs(record: PreparedOutputsRecord): Promise<Outcome<void>> {
    preparedOutputsRecordCodec.encode(record);
    return this.#write('prepared-outputs', () =>
      this.preparedOutputs.push(structuredClone(record)),
    );
  }

  createJob(jobId: string): Promise<Outcome<void>> {
    return this.#write(`create ${jobId}`, () => this.createdJobs.push(jobId));
  }

  writeJob(record: JobRecord): Promise<Outcome<void>> {
    jobRecordCodec.encode(record);
    return this.#write(`job ${record.id} ${record.status}`, () => this.jobs.push(record));
  }

  setAttemptAside(jobId: string, attempt: number): Promise<Outcome<void>> {
    const name = `set aside ${jobId} ${attempt}`;
    return this.#write(name, () => this.setAside.push(`${jobId} ${attempt}`));
  }

  onRequest(listener: (request: RunRequestRecord) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Has everyone hear a request who listens for them. */
  request(request: RunRequestRecord): void {
    for (const listener of this.#listeners) listener(request);
  }

  appendEvent(event: RunEvent): Promise<Outcome<void>> {
    runEventCodec.encode(event);
    return this.#write(`event ${event.event}`, () => this.events.push(structuredClone(event)));
  }

  appendLog(path: string, chunk: Uint8Array): void {
    this.logs.set(path, (this.logs.get(path) ?? '') + Buffer.from(chunk).toString());
  }

  close(): Promise<Outcome<void>> {
    this.closed = true;
    return this.#write('close', () => undefined);
  }

  #write(name: WriteName, keep: () => unknown): Promise<Outcome<void>> {
    this.order.push(name);
    const failed = this.#failing(name);
    if (failed !== null) return Promise.resolve({ ok: false, error: failed });
    keep();
    return Promise.resolve(ok(undefined));
  }
}

/** A run store in memory. Single writes can be made to fail by name. */
export class MemoryRunStore implements RunStore {
  readonly runs = new Map<string, MemoryRun>();
  readonly #failing: (write: WriteName) => Failure | null;

  constructor(failing: (write: WriteName) => Failure | null = () => null) {
    this.#failing = failing;
  }

  async create(record: RunRecord): Promise<Outcome<RunWriter>> {
    const failed = this.#failing('create');
    if (failed !== null) return { ok: false, error: failed };
    const run = new MemoryRun(this.#failing);
    this.runs.set(record.runId, run);
    await run.writeRun(record);
    return ok(run);
  }

  adopt(runId: string): Promise<Outcome<AdoptedRun | null>> {
    const run = this.runs.get(runId);
    const record = run?.runs.at(-1);
    if (run === undefined || record === undefined) {
      return Promise.resolve(found<AdoptedRun>(undefined, runId));
    }
    if (record.status === 'running' && !run.abandoned) return Promise.resolve(ok(null));
    run.abandoned = false;
    run.closed = false;
    return Promise.resolve(ok({ record, events: [...run.events], writer: run }));
  }

  request(runId: string, request: RunRequestRecord): Promise<Outcome<void>> {
    this.runs.get(runId)?.request(request);
    return Promise.resolve(ok(undefined));
  }

  list(): Promise<Outcome<readonly Outcome<RunRecord>[]>> {
    const records = [...this.runs.values()].flatMap((run) => run.runs.slice(-1));
    return Promise.resolve(ok(records.reverse().map((record) => ok(record))));
  }

  read(reference: string): Promise<Outcome<RunRecord>> {
    const run = reference === 'latest' ? [...this.runs.values()].at(-1) : this.runs.get(reference);
    return Promise.resolve(found(run?.runs.at(-1), reference));
  }

  readPlan(runId: string): Promise<Outcome<PlanRecord>> {
    return Promise.resolve(found(this.runs.get(runId)?.plans.at(-1), runId));
  }

  readPreparedOutputs(runId: string): Promise<Outcome<PreparedOutputsRecord | null>> {
    return Promise.resolve(ok(this.runs.get(runId)?.preparedOutputs.at(-1) ?? null));
  }

  readEvents(runId: string): Promise<Outcome<readonly RunEvent[]>> {
    return Promise.resolve(ok(this.runs.get(runId)?.events ?? []));
  }
}

function found<T>(value: T | undefined, reference: string): Outcome<T> {
  return value === undefined ? fail('selection', `There is no run \`${reference}\``) : ok(value);
}
