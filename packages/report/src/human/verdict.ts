import type { FailureKind, JobRecord, Status } from '@pikaci/model';
import type { Paint, Style } from '../text/style.js';

/** How the end of a job or run is shown. The word alone tells a red job from a broken machine, also without colour. */
export interface Verdict {
  readonly symbol: string;
  readonly word: string;
  readonly paint: Paint;
}

/** The verdict of a record: its status, and for a failed one what kind of failure it was. */
export function verdictOf(
  record: {
    readonly status: Status;
    readonly failureKind: FailureKind | null;
    readonly allowedFailure?: boolean;
  },
  style: Style,
): Verdict {
  switch (record.status) {
    case 'running':
      return { symbol: style.symbols.running, word: 'running', paint: (text) => text };
    case 'passed':
      return { symbol: style.symbols.passed, word: 'passed', paint: style.green };
    case 'skipped':
      return { symbol: '-', word: 'skipped', paint: style.dim };
    case 'failed': {
      const verdict = failedVerdict(record.failureKind, style);
      if (record.allowedFailure !== true) return verdict;
      return { ...verdict, word: `${verdict.word} (allowed)`, paint: style.yellow };
    }
    default: {
      const never: never = record.status;
      return never;
    }
  }
}

/** What is said beside the verdict of a job that passed, but not at once; empty for all others. */
export function flakyWords(job: Pick<JobRecord, 'flaky' | 'attempt'>, style: Style): string {
  return job.flaky ? ` ${style.yellow(`(flaky: passed on attempt ${job.attempt})`)}` : '';
}

function failedVerdict(kind: FailureKind | null, style: Style): Verdict {
  switch (kind) {
    case null:
    case 'job':
      return { symbol: style.symbols.failed, word: 'failed', paint: style.red };
    case 'payload':
      return { symbol: style.symbols.failed, word: 'payload failed', paint: style.red };
    case 'timeout':
      return { symbol: style.symbols.timedOut, word: 'timed out', paint: style.yellow };
    case 'cancelled':
      return { symbol: style.symbols.cancelled, word: 'cancelled', paint: style.yellow };
    case 'config':
    case 'selection':
      return { symbol: '!', word: 'configuration error', paint: style.magenta };
    case 'snapshot':
      return { symbol: '!', word: 'snapshot failed', paint: style.magenta };
    case 'infrastructure':
      return { symbol: '!', word: 'infrastructure failure', paint: style.magenta };
    case 'internal':
      return { symbol: '!', word: 'internal error', paint: style.magenta };
    default: {
      const never: never = kind;
      return never;
    }
  }
}
