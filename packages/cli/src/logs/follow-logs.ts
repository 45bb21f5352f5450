import { ok, type Outcome, type RunStore } from '@pikaci/model';
import type { LogPrinter } from '../output/log-printer.js';
import type { Session } from '../session.js';
import { checkJob } from '../watch/run-end.js';
import { watchRun, type Look, type Watched } from '../watch/watch-run.js';
import { FollowedLog } from './followed-log.js';
import { logFiles, type LogChoice, type LogFile } from './log-files.js';
import type { LogNotes } from './log-notes.js';
import type { LogView } from './log-view.js';
import { createPartPrinter, type PartPrinter } from './part-printer.js';
import { unreadableLog } from './print-logs.js';
import { streamUnknown } from './stream-unknown.js';

/** Logs that are to be followed. */
export interface LogsToFollow {
  readonly stateRoot: string;
  readonly store: Pick<RunStore, 'read' | 'readPlan'>;
  readonly runId: string;
  readonly choice: Omit<LogChoice, 'attempt'>;
  readonly printer: LogPrinter;
  readonly view: LogView;
  readonly notes: LogNotes;
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

/** A log, and how its bytes are shown. */
interface ShownLog {
  readonly log: FollowedLog;
  readonly parts: PartPrinter;
}

class LogFollower {
  readonly #session: Session;
  readonly #wanted: LogsToFollow;
  readonly #logs = new Map<string, ShownLog>();
  readonly #hasHeadings: boolean;
  /** The log whose heading was the last one. */
  #current: string | null = null;
  #isFirstLook = true;

  constructor(session: Session, wanted: LogsToFollow) {
    this.#session = session;
    this.#wanted = wanted;
    const { choice, view } = wanted;
    const isOne = choice.kind !== 'both' || choice.service !== undefined;
    this.#hasHeadings = view.json === null && (choice.job === undefined || !isOne);
  }

  async look(look: Look): Promise<Outcome<void>> {
    const files = await this.#files(look);
    if (!files.ok) return files;
    for (const file of files.value) {
      if (look.signal.aborted) break;
      try {
        const printed = await this.#printNew(file, look);
        if (!printed.ok) return printed;
      } catch (thrown) {
        return unreadableLog(file, thrown);
      }
    }
    this.#isFirstLook = false;
    if (look.end !== null || look.signal.aborted) await this.#wanted.printer.end();
    return ok(undefined);
  }

  async close(): Promise<void> {
    for (const { log } of this.#logs.values()) await log.close();
  }

  /** What cannot be found may still come, unless it is known that it will not. */
  async #files({ record, end }: Look): Promise<Outcome<readonly LogFile[]>> {
    const { stateRoot, store, choice } = this.#wanted;
    const files = logFiles(stateRoot, record, choice);
    if (files.ok || end === 'ended') return files;
    const known = await checkJob(store, record, choice.job);
    return known.ok ? ok([]) : known;
  }

  async #printNew(file: LogFile, { end, signal }: Look): Promise<Outcome<void>> {
    const { log, parts } = await this.#shown(file);
    const known = await this.#checkStream(file, log);
    if (!known.ok) return known;
    const { view } = this.#wanted;
    const isByLine = view.stream === null && view.json === null;
    await log.read({
      part: (part) => parts.part(part),
      anew: async () => {
        await parts.end();
        this.#session.io.stderr.write(`the log of ${file.title} begins anew\n`);
      },
      wholeLines: this.#hasHeadings && isByLine && end === null,
      isLast: end !== null,
      signal,
    });
    if (end !== null && !signal.aborted) await parts.end();
    return ok(undefined);
  }

  async #checkStream(file: LogFile, followed: FollowedLog): Promise<Outcome<void>> {
    if (this.#wanted.view.stream === null) return ok(undefined);
    await followed.open();
    return followed.log === null ? ok(undefined) : streamUnknown(this.#wanted, file, followed.log);
  }

  async #shown(file: LogFile): Promise<ShownLog> {
    const known = this.#logs.get(file.path);
    if (known !== undefined) return known;
    const { tail, view, notes } = this.#wanted;
    const log = new FollowedLog(file, view);
    const parts = createPartPrinter({
      view,
      file,
      notes,
      wholeLines: this.#hasHeadings,
      write: (bytes) => this.#print(file, bytes),
    });
    const shown = { log, parts };
    this.#logs.set(file.path, shown);
    if (tail !== null && this.#isFirstLook) await log.skipToLastLines(tail);
    return shown;
  }

  async #print(file: LogFile, chunk: Uint8Array): Promise<void> {
    const { printer } = this.#wanted;
    if (this.#hasHeadings && this.#current !== file.path) {
      if (this.#current !== null) await printer.end();
      await printer.heading(file.title);
      this.#current = file.path;
    }
    await printer.bytes(chunk);
  }
}
