import { exitCodes, ok, type Outcome, type RunRecord, type RunStore } from '@pikaci/model';
import { isOwnerGone, systemOwnerProbe } from '@pikaci/store';
import { finishWithFailure } from '../output/finish.js';
import type { Session } from '../session.js';
import { cancelOnSignals } from '../signals/cancel-on-signals.js';
import { hasEnded, ownerGone } from './run-end.js';
import { pause } from './pause.js';

/** Between two looks at a run, in milliseconds. */
export const watchIntervalMs = 200;

/** Why a run is looked at no more: it or the job ended, its process is gone, a signal came, or nobody reads any more. */
export type WatchEnd = 'ended' | 'abandoned' | 'interrupted' | 'unread';

/** One look at a run. */
export interface Look {
  readonly record: RunRecord;
  /** Null when there will be another look. What was written before the record says so is there by then. */
  readonly end: 'ended' | 'abandoned' | null;
  /** Aborted when the rest is not wanted any more. */
  readonly signal: AbortSignal;
}

/** A run that is to be watched, and what is done meanwhile. */
export interface RunWatch {
  readonly store: Pick<RunStore, 'read'>;
  readonly runId: string;
  /** Only until this job has ended. */
  readonly job?: string;
  /** Goes on although nobody reads standard output any more, because its end is told by the exit code. */
  readonly outlivesReader?: true;
  look(look: Look): Promise<Outcome<void>>;
}

/** How watching ended, and the run's record as it was then. */
export interface Watched {
  readonly record: RunRecord;
  readonly end: WatchEnd;
}

/**
 * Looks at a run again and again until it has ended, or nobody is there any more to end it, or a signal comes. The run
 * itself is left alone by all of these. A failure when its record cannot be read, or a look fails.
 */
export async function watchRun(session: Session, watch: RunWatch): Promise<Outcome<Watched>> {
  const stop = listen(session, watch);
  try {
    for (;;) {
      const read = await readWithEnd(watch);
      if (!read.ok) return read;
      const { record, end } = read.value;
      const looked = await watch.look({ record, end, signal: stop.signal });
      if (!looked.ok) return looked;
      if (end !== null && !stop.signal.aborted) return ok({ record, end });
      if (!(await pause(session.io.timer, watchIntervalMs, stop.signal))) {
        return ok({ record, end: stop.end() });
      }
    }
  } finally {
    stop.dispose();
  }
}

/** The exit code of a command that watched: that of a success, unless what was awaited will never come. */
export function finishWatch(session: Session, { record, end }: Watched): number {
  if (end === 'interrupted') return exitCodes.interrupted;
  if (end === 'abandoned') return finishWithFailure(session, ownerGone(record).error);
  return exitCodes.passed;
}

async function readWithEnd({
  store,
  runId,
  job,
}: RunWatch): Promise<Outcome<Pick<Look, 'record' | 'end'>>> {
  const read = await store.read(runId);
  if (!read.ok) return read;
  if (hasEnded(read.value, job)) return ok({ record: read.value, end: 'ended' });
  if (!isOwnerGone(read.value, systemOwnerProbe())) return ok({ record: read.value, end: null });
  // A process that has just ended may have written its last record after the first one was read.
  const again = await store.read(runId);
  if (!again.ok) return again;
  return ok({ record: again.value, end: hasEnded(again.value, job) ? 'ended' : 'abandoned' });
}

/** What makes a watch end early. */
interface EarlyEnd {
  readonly signal: AbortSignal;
  end(): 'interrupted' | 'unread';
  dispose(): void;
}

/** A second signal ends the process: output to a reader that has stopped would be waited for without end. */
function listen({ io }: Session, { outlivesReader }: RunWatch): EarlyEnd {
  const unread = new AbortController();
  if (outlivesReader !== true) io.stdout.on('error', () => unread.abort());
  const exit = () => io.exitNow(exitCodes.interrupted);
  const cancellation = cancelOnSignals({
    source: io.signals,
    clock: io.clock,
    onCancel: () => undefined,
    onForce: exit,
    onGiveUp: exit,
  });
  return {
    signal: AbortSignal.any([cancellation.signal, unread.signal]),
    end: () => (cancellation.signal.aborted ? 'interrupted' : 'unread'),
    dispose: () => cancellation.dispose(),
  };
}
