import type { RunTracing } from '@pikaci/engine';
import type { RunRecord, RunTrace } from '@pikaci/model';
import type { Session } from '../session.js';
import type { Cancellation } from '../signals/cancel-on-signals.js';
import { wantsTrace } from './wants-trace.js';

/** A run of which a trace is to be exported. */
export interface RunToTrace {
  readonly stateRoot: string;
  readonly runId: string;
  readonly createdAt: Date;
  /** The trace that it is a part of already, where it is taken up again. */
  readonly trace: RunTrace | null;
}

/** A run that has ended. */
export interface EndedRun {
  readonly record: RunRecord;
  readonly exitCode: number;
  /** What ends the wait for the export. */
  readonly cancellation: Pick<Cancellation, 'signal' | 'force'>;
}

/** The trace of a run that goes on. */
export interface OpenTrace {
  readonly tracing: RunTracing;
  /** Exports it. What keeps it from that is told in a line, and changes nothing. */
  end(ended: EndedRun): Promise<void>;
}

/** Begins the trace of a run, if the environment asks for one that can be exported. */
export async function traceRun(session: Session, run: RunToTrace): Promise<OpenTrace | null> {
  if (!wantsTrace(session.io.env)) return null;
  const { beginTrace } = await import('./begin-trace.js');
  return beginTrace(session, run);
}
