import { ok, type Outcome, type RunStore } from '@pikaci/model';
import { createLogPrinter, type LogPrinter } from '../output/log-printer.js';
import type { Session } from '../session.js';
import { checkJob } from '../watch/run-end.js';
import { watchRun, type Look, type Watched } from '../watch/watch-run.js';
import { FollowedLog } from './followed-log.js';
import { logFiles, type LogChoice, type LogFile } from './log-files.js';
import { unreadableLog } from './print-logs.js';

/** Logs that are to be followed. */
export interface LogsToFollow {
  readonly stateRoot: string;
  readonly store: Pick<RunStore, 'read' | 'readPlan'>;
  readonly runId: string;
  readonly choice: Omit<LogChoice, 'attempt'>;
  /** Only so many lines of the end of each log that is there at the first look; null: all of it. */
  readonly tail: number | null;
  /** Watches to the end although nobody reads any more. */
  readonly outlivesReader?: true;
}

/**
 * Prints the logs of a run, and what is appended to them, until the run has ended, or the job that is chosen. Logs of jobs
 * that have not begun yet are waited for. With more than one log, headings say whose lines follow.
 */
export async function followLogs(
  session: Session,
  wanted: LogsToFollow,
): Promise<Outcome<Watched>> {
  const { store, runId, choice, outlivesReader } = wanted;
  const follower = new LogFollower(session, wanted);
  try {
    return await watchRun(session, {
      store,
      runId,
      ...(choice.job === undefined ? {} : { job: choice.job }),
      ...(outlivesReader === undefined ? {} : { outlivesReader }),
      look: (look) => follower.look(look),
    });
  } finally {
    await follower.close();
  }
}

class LogFollower {
  readonly #session: Session;
  readonly #wanted: LogsToFollow;
  readonly #printer: LogPrinter;
  readonly #logs = new Map<string, FollowedLog>();
  readonly #hasHeadings: boolean;
  /** The log whose heading was the last one. */
  #current: string | null = null;
  #isFirstLook = true;

  constructor(session: Session, wanted: LogsToFollow) {
    this.#session = session;
    this.#wanted = wanted;
    this.#printer = createLogPrinter(session);
    const { job, kind, service } = wanted.choice;
    this.#hasHeadings = job === undefined || (kind === 'both' && service === undefined);
  }

  async look(look: Look): Promise<Outcome<void>> {
    const files = await this.#files(look);
    if (!files.ok) return files;
    for (const file of files.value) {
      if (look.signal.aborted) break;
      try {
        await this.#printNew(file, look);
      } catch (thrown) {
        return unreadableLog(file, thrown);
      }
    }
    this.#isFirstLook = false;
    if (look.end !== null || look.signal.aborted) await this.#printer.end();
    return ok(undefined);
  }

  async close(): Promise<void> {
    for (const log of this.#logs.values()) await log.close();
  }

  /** What cannot be found may still come, unless it is known that it will not. */
  async #files({ record, end }: Look): Promise<Outcome<readonly LogFile[]>> {
    const { stateRoot, store, choice } = this.#wanted;
    const files = logFiles(stateRoot, record, choice);
    if (files.ok || end === 'ended') return files;
    const known = await checkJob(store, record, choice.job);
    return known.ok ? ok([]) : known;
  }

  async #printNew(file: LogFile, { end, signal }: Look): Promise<void> {
    const log = await this.#log(file);
    await log.read({
      bytes: (chunk) => this.#print(file, chunk),
      anew: () => void this.#session.io.stderr.write(`the log of ${file.title} begins anew\n`),
      wholeLines: this.#hasHeadings && end === null,
      signal,
    });
  }

  async #log(file: LogFile): Promise<FollowedLog> {
    const known = this.#logs.get(file.path);
    if (known !== undefined) return known;
    const log = new FollowedLog(file.path);
    this.#logs.set(file.path, log);
    const { tail } = this.#wanted;
    if (tail !== null && this.#isFirstLook) await log.skipToLastLines(tail);
    return log;
  }

  async #print(file: LogFile, chunk: Uint8Array): Promise<void> {
    if (this.#hasHeadings && this.#current !== file.path) {
      if (this.#current !== null) await this.#printer.end();
      await this.#printer.heading(file.title);
      this.#current = file.path;
    }
    await this.#printer.bytes(chunk);
  }
}
