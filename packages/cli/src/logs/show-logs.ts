import { exitCodes, ok, type Outcome, type RunRecord, type RunStore } from '@pikaci/model';
import { neutraliseText } from '@pikaci/report';
import { finishWithFailure } from '../output/finish.js';
import { createJsonLogPrinter } from '../output/json-log-printer.js';
import { createLogPrinter, type LogPrinter } from '../output/log-printer.js';
import type { Session } from '../session.js';
import { hasEnded } from '../watch/run-end.js';
import { finishWatch, type Watched } from '../watch/watch-run.js';
import { hasFailed } from './failed-jobs.js';
import { followLogs } from './follow-logs.js';
import { logFiles } from './log-files.js';
import { LogNotes } from './log-notes.js';
import type { WantedLogs } from './logs-options.js';
import { printLogs } from './print-logs.js';

/** Logs that are to be shown. */
export interface LogsToShow extends WantedLogs {
  readonly stateRoot: string;
  readonly store: RunStore;
  readonly run: RunRecord;
  /** False for the latest run because none was named: then those of failed jobs are shown. */
  readonly isNamed: boolean;
  /** Also what is appended. */
  readonly follow: boolean;
  /** Only so many lines of the end of each; null: all of it. */
  readonly tail: number | null;
}

interface Showing extends LogsToShow {
  readonly notes: LogNotes;
  readonly printer: LogPrinter;
}

/** Shows logs, and says of what the stream or the time is not known. Returns the exit code. */
export async function showLogs(session: Session, wanted: LogsToShow): Promise<number> {
  const { json } = wanted.view;
  const notes = new LogNotes(wanted.view);
  const values = json === null ? null : createJsonLogPrinter(session, json);
  const showing = { ...wanted, notes, printer: values ?? createLogPrinter(session) };
  const isFollowed = wanted.follow && !hasEnded(wanted.run, wanted.choice.job);
  const shown = isFollowed ? await follow(session, showing) : await print(session, showing);
  if (!shown.ok) return finishWithFailure(session, shown.error);
  await values?.close();
  notes.tell(session);
  return shown.value === null ? exitCodes.passed : finishWatch(session, shown.value);
}

function follow(session: Session, showing: Showing): Promise<Outcome<Watched>> {
  return followLogs(session, { ...showing, runId: showing.run.runId });
}

async function print(session: Session, showing: Showing): Promise<Outcome<null>> {
  const { stateRoot, run, choice, isNamed } = showing;
  const isOfFailed = !isNamed && choice.job === undefined && hasFailed(run);
  const failed = isOfFailed ? { failed: true as const } : {};
  const files = logFiles(stateRoot, run, { ...choice, ...failed });
  if (!files.ok) return files;
  if (files.value.length === 0) session.io.stderr.write(`${whyNothing(run)}\n`);
  const printed = await printLogs({ ...showing, files: files.value });
  return printed.ok ? ok(null) : printed;
}

/** Why a choice of logs is empty: nothing failed, or nothing was run. */
function whyNothing({ runId, jobs, message }: RunRecord): string {
  if (jobs.length > 0) return `no job of run ${runId} has failed`;
  return `run ${runId} has no jobs${message === null ? '' : `: ${neutraliseText(message)}`}`;
}
