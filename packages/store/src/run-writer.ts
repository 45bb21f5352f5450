import { mkdir, open } from 'node:fs/promises';
import {
  err,
  failure,
  formatTimestamp,
  identifierPattern,
  jobRecordCodec,
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
  type RunWriter,
} from '@pikaci/model';
import { isWithin, jobLayout, type RunLayout } from '@pikaci/paths';
import { attempt } from './file-failure.js';
import { heartbeatIntervalMs } from './heartbeat.js';
import { RequestInbox } from './request-inbox.js';
import { setAttemptAside } from './set-attempt-aside.js';
import { LineFile } from './line-file.js';
import { LogFile } from './log-file.js';
import { ReplacedFile } from './replaced-file.js';
import type { StoreMachine } from './store-machine.js';

/** Writes the records of one run whose directory exists. */
export class DiskRunWriter implements RunWriter {
  readonly #layout: RunLayout;
  readonly #machine: StoreMachine;
  readonly #events: LineFile;
  readonly #records = new Map<string, ReplacedFile>();
  readonly #logs = new Map<string, LogFile>();
  readonly #inbox: RequestInbox;
  readonly #onClosed: () => Promise<unknown>;
  readonly #stopHeartbeat: () => void;
  #run: RunRecord | null = null;
  #strayLog: Failure | null = null;

  /** @param onClosed called when everything is written */
  constructor(
    layout: RunLayout,
    machine: StoreMachine,
    onClosed: () => Promise<unknown> = () => Promise.resolve(),
  ) {
    this.#layout = layout;
    this.#machine = machine;
    this.#events = new LineFile(layout.eventsFile);
    this.#inbox = new RequestInbox(layout, machine);
    this.#onClosed = onClosed;
    this.#stopHeartbeat = machine.repeat(() => void this.#beat(), heartbeatIntervalMs);
  }

  writeRun(record: RunRecord): Promise<Outcome<void>> {
    this.#run = record;
    return this.#writeOwned(record);
  }

  writePlan(record: PlanRecord): Promise<Outcome<void>> {
    return this.#record(this.#layout.planFile).write(() => planRecordCodec.encode(record));
  }

  writePreparedOutputs(record: PreparedOutputsRecord): Promise<Outcome<void>> {
    const file = this.#record(this.#layout.preparedOutputsFile);
    return file.write(() => preparedOutputsRecordCodec.encode(record));
  }

  createJob(jobId: string): Promise<Outcome<void>> {
    const job = this.#job(jobId);
    const detail = {
      message: `The directory of job \`${jobId}\` cannot be made`,
      file: job.jobDir,
    };
    return attempt(detail, async () => {
      await mkdir(job.artifactsDir, { recursive: true });
      await touch(job.hostLog);
      await touch(job.guestLog);
    });
  }

  writeJob(record: JobRecord): Promise<Outcome<void>> {
    return this.#record(this.#job(record.id).statusFile).write(() => jobRecordCodec.encode(record));
  }

  async setAttemptAside(jobId: string, number: number): Promise<Outcome<void>> {
    const job = this.#job(jobId);
    // What is still to be written belongs to the attempt that is put aside.
    await this.#logs.get(job.hostLog)?.flush();
    await this.#records.get(job.statusFile)?.settled();
    const message = `Attempt ${number} of job \`${jobId}\` cannot be put aside`;
    const moved = await attempt({ message, file: job.jobDir }, () => setAttemptAside(job, number));
    return moved.ok ? this.createJob(jobId) : moved;
  }

  onRequest(listener: (request: RunRequestRecord) => void): () => void {
    return this.#inbox.listen(listener);
  }

  appendEvent(event: RunEvent): Promise<Outcome<void>> {
    return this.#events.append(runEventCodec.encode(event));
  }

  appendLog(path: string, chunk: Uint8Array): void {
    if (!isWithin(this.#layout.runDir, path)) {
      this.#strayLog ??= failure('internal', `The log ${path} does not belong to the run`, {
        reason: `it lies outside ${this.#layout.runDir}`,
      });
      return;
    }
    let log = this.#logs.get(path);
    if (log === undefined) {
      log = new LogFile(path, this.#machine.appendBytes);
      this.#logs.set(path, log);
    }
    log.append(chunk);
  }

  async close(): Promise<Outcome<void>> {
    this.#stopHeartbeat();
    this.#inbox.stop();
    const logs = await Promise.all([...this.#logs.values()].map((log) => log.flush()));
    await Promise.all([...this.#records.values()].map((file) => file.settled()));
    const events = await this.#events.close();
    await this.#onClosed();
    const lost = this.#strayLog ?? logs.find((problem) => problem !== null);
    if (lost !== undefined) return err(lost);
    return events;
  }

  /** Says again that the owner lives. What cannot be written now is told by the next write of the run itself. */
  async #beat(): Promise<void> {
    if (this.#run?.status === 'running') await this.#writeOwned(this.#run);
  }

  #writeOwned(record: RunRecord): Promise<Outcome<void>> {
    const heartbeatAt = formatTimestamp(this.#machine.clock.now());
    const owned = { ...record, owner: { ...this.#machine.owner, heartbeatAt } };
    return this.#record(this.#layout.runFile).write(() => runRecordCodec.encode(owned));
  }

  #record(path: string): ReplacedFile {
    let file = this.#records.get(path);
    if (file === undefined) {
      file = new ReplacedFile(path, this.#machine.replaceOperations);
      this.#records.set(path, file);
    }
    return file;
  }

  #job(jobId: string): ReturnType<typeof jobLayout> {
    // Ids come from checked configuration; one that is no path component here is a bug of the caller.
    if (!identifierPattern.test(jobId)) throw new TypeError(`not a job id: ${jobId}`);
    return jobLayout(this.#layout, jobId);
  }
}

/** Makes a file if there is none. */
async function touch(path: string): Promise<void> {
  const handle = await open(path, 'a', 0o644);
  await handle.close();
}
