import {
  ok,
  type Masker,
  type Failure,
  type JobRecord,
  type Outcome,
  type PreparedOutputRecord,
  type PrepareTiming,
  type RunRecord,
  type RunWriter,
} from '@pikaci/model';
import { guard } from './guard.js';
import { maskJob, maskRun } from './secrets/mask-records.js';

/**
 * The one current record of a run, and its way to the disk. Each change makes a new value from the current one, so that
 * what was handed out stays as it was and nothing is ever written from an older copy.
 *
 * A write that fails is kept, and does not stop anything.
 */
export class RunState {
  readonly #writer: RunWriter;
  readonly #secrets: { readonly masker: Masker };
  #record: RunRecord;
  #outputs: readonly PreparedOutputRecord[] = [];
  #jobOrder: readonly string[] = [];
  #storeFailure: Failure | null = null;

  constructor(record: RunRecord, writer: RunWriter, secrets: { readonly masker: Masker }) {
    this.#record = record;
    this.#writer = writer;
    this.#secrets = secrets;
  }

  get record(): RunRecord {
    return this.#record;
  }

  /** The first thing that could not be written; null while all could. */
  get storeFailure(): Failure | null {
    return this.#storeFailure;
  }

  noteStoreFailure(failed: Failure): void {
    this.#storeFailure ??= failed;
  }

  /** Fixes the order of the jobs in the record, which is not the order in which they end. */
  orderJobs(jobIds: readonly string[]): void {
    this.#jobOrder = jobIds;
  }

  update(changes: Partial<RunRecord>): void {
    this.#record = maskRun(this.#secrets.masker, { ...this.#record, ...changes });
  }

  async saveRun(): Promise<void> {
    await this.keep(() => this.#writer.writeRun(this.#record));
  }

  /** Takes a job's newer record over and writes it, then the run's. */
  async saveJob(given: JobRecord): Promise<void> {
    const job = maskJob(this.#secrets.masker, given);
    const others = this.#record.jobs.filter((other) => other.id !== job.id);
    const place = (other: JobRecord) => this.#jobOrder.indexOf(other.id);
    this.update({ jobs: [...others, job].sort((a, b) => place(a) - place(b)) });
    await this.keep(() => this.#writer.writeJob(job));
    await this.saveRun();
  }

  /** Writes the record of an attempt that will be followed by another one, and leaves the run's record as it is. */
  async saveAttempt(job: JobRecord): Promise<void> {
    await this.keep(() => this.#writer.writeJob(maskJob(this.#secrets.masker, job)));
  }

  async savePrepareTiming(timing: PrepareTiming): Promise<void> {
    this.update({ prepareTimings: [...this.#record.prepareTimings, timing] });
    await this.saveRun();
  }

  /** Takes over what an earlier process has recorded. */
  knowOutputs(outputs: readonly PreparedOutputRecord[]): void {
    this.#outputs = outputs;
  }

  /** Adds a prepared output, or replaces the one of the same node; without one writes those there are. */
  async saveOutputs(...added: readonly PreparedOutputRecord[]): Promise<void> {
    const others = this.#outputs.filter(
      (other) => !added.some((output) => output.nodeId === other.nodeId),
    );
    this.#outputs = [...others, ...added];
    const record = { schemaVersion: 1, outputs: [...this.#outputs] };
    await this.keep(() => this.#writer.writePreparedOutputs(record));
  }

  /** Does a write and keeps its failure. */
  async keep(write: () => Promise<Outcome<void>>): Promise<void> {
    const written = await guard('writing a record', write);
    if (!written.ok) this.noteStoreFailure(written.error);
  }

  /** Writes out what is buffered, after the last record. */
  async close(): Promise<Outcome<void>> {
    const closed = await guard('closing the records', () => this.#writer.close());
    return closed.ok ? ok(undefined) : closed;
  }
}
