import type { JobRecord } from '@pikaci/model';
import { attemptsOf } from './attempts.js';
import { phaseSpans } from './phase-spans.js';
import { timeMs, type RecordedRun } from './recorded-run.js';
import { errorText, errorType, resultOf, signalOf } from './result.js';
import { attributes, type Attributes, type SpanTree } from './span.js';
import { attemptKey } from './trace-ids.js';

/** A span for each job, with its attempts. A job that never began has a span without length and without attempts. */
export function jobSpans(run: RecordedRun, endMs: number): readonly SpanTree[] {
  return run.record.jobs.map((job) => jobSpan(run, job, endMs));
}

function jobSpan(run: RecordedRun, job: JobRecord, endMs: number): SpanTree {
  const attempts = attemptsOf(run, job).map((one) => attemptSpan(run, one, endMs));
  const ownEndMs = timeMs(job.finishedAt) ?? endMs;
  const nodeId = job.planNodeId ?? `execute-${job.id}`;
  return {
    key: `job ${job.id}`,
    name: nodeId,
    kind: 'internal',
    startMs: Math.min(timeMs(job.startedAt) ?? ownEndMs, ...attempts.map(({ startMs }) => startMs)),
    endMs: Math.max(ownEndMs, ...attempts.map((attempt) => attempt.endMs)),
    attributes: {
      ...aboutEnd(job),
      ...attributes({
        'cicd.pipeline.task.name': job.id,
        'cicd.pipeline.task.run.id': nodeId,
        'pikaci.node.id': nodeId,
        'pikaci.node.kind': 'execute',
        'pikaci.attempts': attempts.length,
        'pikaci.flaky': job.flaky,
        'pikaci.allowed_failure': job.allowedFailure,
      }),
    },
    error: errorText(job),
    children: attempts,
  };
}

function attemptSpan({ events }: RecordedRun, job: JobRecord, runEndMs: number): SpanTree {
  const endMs = timeMs(job.finishedAt) ?? runEndMs;
  const startMs = timeMs(job.startedAt) ?? endMs;
  const key = attemptKey(job.id, job.attempt);
  return {
    key,
    name: `attempt ${job.attempt}`,
    kind: 'internal',
    startMs,
    endMs,
    attributes: { ...aboutEnd(job), 'pikaci.attempt': job.attempt, ...aboutExecution(job) },
    error: errorText(job),
    children: phaseSpans({ job, key, startMs, endMs }, events),
  };
}

/** How a job or an attempt ended, and where it ran. */
function aboutEnd(job: JobRecord): Attributes {
  return attributes({
    'cicd.pipeline.task.run.result': resultOf(job),
    'error.type': errorType(job),
    'process.exit.code': job.exitCode,
    'pikaci.job.id': job.id,
    'pikaci.failure.kind': job.failureKind,
    'pikaci.signal': signalOf(job.exitCode),
    'pikaci.runtime': job.runtime,
    'pikaci.placement': job.placement,
  });
}

function aboutExecution({ remoteLinuxVmExecution: execution }: JobRecord): Attributes {
  return attributes({
    'pikaci.incus.instance': execution?.instance,
    'pikaci.incus.project': execution?.incusImage?.project,
    'pikaci.incus.image': execution?.incusImage?.alias,
    'pikaci.incus.image.fingerprint': execution?.incusImage?.fingerprint,
  });
}
