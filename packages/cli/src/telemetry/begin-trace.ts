import { describeFailure, type Failure, type RunTrace } from '@pikaci/model';
import { neutraliseLine } from '@pikaci/report';
import { newTraceId, readSettings, traceparentOf } from '@pikaci/telemetry';
import type { Session } from '../session.js';
import { sendTrace } from './send-trace.js';
import type { OpenTrace, RunToTrace } from './trace-run.js';

/** Begins the trace of a run. Settings that are wrong are told in a line, and the run has no trace. */
export function beginTrace(session: Session, run: RunToTrace): OpenTrace | null {
  const read = readSettings(session.io.env);
  if (!read.ok) warn(session, read.error);
  if (!read.ok || read.value === null) return null;
  const settings = read.value;
  const { runId } = run;
  const trace: RunTrace = run.trace ??
    settings.parent ?? { traceId: newTraceId(runId, run.createdAt), parentSpanId: null };
  return {
    tracing: {
      trace,
      traceparentOf: (jobId, attempt) => traceparentOf({ runId, trace }, jobId, attempt),
    },
    end: async (ended) => {
      const { stateRoot } = run;
      const sent = await sendTrace(session, { stateRoot, settings, trace }, ended);
      if (!sent.ok) warn(session, sent.error);
      else if (isShown(session)) session.io.stdout.write(`trace ${trace.traceId}\n`);
    },
  };
}

/** Standard output is for programs, or for one line alone. */
function isShown({ isForPrograms, options }: Session): boolean {
  return !isForPrograms && options.output !== 'quiet';
}

function warn(session: Session, failed: Failure): void {
  const hint = failed.hint === null ? '' : ` (${failed.hint})`;
  const line = neutraliseLine(`${describeFailure(failed)}${hint}`.replace(/\s+/gu, ' '), false);
  session.io.stderr.write(`warning: no trace: ${line}\n`);
}
