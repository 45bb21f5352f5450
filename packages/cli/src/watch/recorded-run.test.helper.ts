import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openIndexedLog, type IndexedLog } from '@pikaci/host';
import {
  planRecordCodec,
  planRecordSchema,
  runRecordCodec,
  type JobRecord,
  type OutputStream,
  type RunRecord,
} from '@pikaci/model';
import { jobLayout, runLayout, type JobLayout } from '@pikaci/paths';
import { currentOwner } from '@pikaci/store';
import { exampleRunId, jobRecordOf, ManualClock, runRecordOf } from '@pikaci/testkit';
import { capturedIo, type CapturedIo } from '../captured-io.test.helper.js';
import type { CliIo } from '../io.js';
import { runCli } from '../run-cli.js';

/** A command line that was started and goes on. */
export interface StartedCommand {
  readonly io: CapturedIo;
  readonly code: Promise<number>;
  /** Resolves when it waits for something to change. */
  readonly waits: () => Promise<void>;
  /** Lets it look again, and waits until it has done so, and waits again. */
  readonly looksAgain: () => Promise<void>;
  /** Lets it look again, for the last time; resolves with its exit code. */
  readonly ends: () => Promise<number>;
}

/** A job's record while it runs. */
export const runningJob = (id: string, different: Partial<JobRecord> = {}): JobRecord =>
  jobRecordOf(id, { status: 'running', finishedAt: null, exitCode: null, ...different });

/** The records and logs of one run on disk, which a test writes as a living run would. */
export class RecordedRun {
  readonly stateRoot = mkdtempSync(join(tmpdir(), 'pikaci-recorded-run-'));
  readonly #layout = runLayout(this.stateRoot, exampleRunId);

  /** Writes the record of the run, with this process as its owner. */
  running(jobs: JobRecord[], different: Partial<RunRecord> = {}): void {
    const owner = { ...currentOwner(), heartbeatAt: '2026-03-07T00:00:02.000+00:00' };
    this.write(
      runRecordOf(jobs, {
        status: 'running',
        finishedAt: null,
        planPath: null,
        owner,
        ...different,
      }),
    );
  }

  /** The same, by a process of an earlier boot. */
  abandoned(jobs: JobRecord[]): void {
    const owner = { ...currentOwner(), heartbeatAt: '2026-03-07T00:00:02.000+00:00' };
    this.running(jobs, { owner: { ...owner, bootId: 'an-earlier-one', startTicks: '0' } });
  }

  ended(jobs: JobRecord[], different: Partial<RunRecord> = {}): void {
    this.write(runRecordOf(jobs, different));
  }

  write(record: RunRecord): void {
    mkdirSync(this.#layout.runDir, { recursive: true });
    const temporary = `${this.#layout.runFile}.new`;
    writeFileSync(temporary, JSON.stringify(runRecordCodec.encode(record)));
    renameSync(temporary, this.#layout.runFile);
  }

  /** Writes a plan of these jobs; its path is to be in the run's record. */
  plan(jobIds: readonly string[]): string {
    const nodes = jobIds.map((id) => ({
      kind: 'execute' as const,
      id: `execute-${id}`,
      description: id,
      executor: 'host_local' as const,
      execute: { type: 'host_command', command: 'true', timeoutSecs: 1, writableWorkspace: true },
    }));
    const record = { schemaVersion: 1, runId: exampleRunId, createdAt: null, scope: 'x', nodes };
    const { planFile, runDir } = this.#layout;
    mkdirSync(runDir, { recursive: true });
    const encoded = planRecordCodec.encode(planRecordSchema.parse(record));
    writeFileSync(planFile, JSON.stringify(encoded));
    return planFile;
  }

  job(id: string): JobLayout {
    return jobLayout(this.#layout, id);
  }

  /** Appends to a log of a job. */
  log(jobId: string, kind: 'host' | 'guest', text: string): void {
    const layout = this.job(jobId);
    mkdirSync(layout.artifactsDir, { recursive: true });
    appendFileSync(kind === 'host' ? layout.hostLog : layout.guestLog, text);
  }

  /** Opens the guest log of a job as a runtime does, at the time of a clock: its index is written when that moves on. */
  async openGuestLog(jobId: string, clock: ManualClock, limitBytes = 1e6): Promise<IndexedLog> {
    const { artifactsDir, guestLog } = this.job(jobId);
    mkdirSync(artifactsDir, { recursive: true });
    const opened = await openIndexedLog({ path: guestLog, limitBytes, clock, timer: clock });
    if (!opened.ok) throw new Error(opened.error.message);
    return opened.value;
  }

  /** Writes the whole guest log of a job: what came on which stream, 1 s after each other. */
  async printed(
    jobId: string,
    output: readonly (readonly [OutputStream, string])[],
    limitBytes?: number,
  ): Promise<void> {
    const clock = new ManualClock();
    const log = await this.openGuestLog(jobId, clock, limitBytes);
    for (const [stream, text] of output) {
      await log.append(stream, Buffer.from(text));
      clock.advance(1000);
    }
    await log.close();
  }

  /** Starts pikaci on this run's state root; time stands still for it but for {@link StartedCommand}. */
  start(argv: readonly string[], world: Partial<CliIo> = {}): StartedCommand {
    const clock = new ManualClock();
    const env = { PIKACI_STATE_ROOT: this.stateRoot, ...world.env };
    const io = capturedIo({ clock, timer: clock, ...world, env });
    const code = runCli(argv, io);
    let waitMs = 0;
    const waits = async () => {
      const ended = code.then((exitCode) => ({ exitCode }));
      const next = await Promise.race([clock.nextWaitMs(), ended]);
      if (typeof next !== 'number') {
        throw new Error(`ended with ${next.exitCode}: ${io.stderr.text}`);
      }
      waitMs = next;
    };
    const looksAgain = async () => {
      clock.advance(waitMs);
      await waits();
    };
    const ends = () => {
      clock.advance(waitMs);
      return code;
    };
    return { io, code, waits, looksAgain, ends };
  }

  remove(): void {
    rmSync(this.stateRoot, { recursive: true, force: true });
  }
}
