import type { RuntimeId } from '@pikaci/model';
import { outputFiles } from './job-output.test.helper.js';

/** What a job of the suite does. */
export const jobKinds = [
  'passes',
  'fails',
  'hangs',
  'spawns',
  'floods',
  'leaks',
  'keeps',
  'vanishes',
] as const;
export type JobKind = (typeof jobKinds)[number];

/** How a job ends where nothing comes between. */
export interface NaturalEnd {
  readonly status: 'passed' | 'failed';
  readonly failureKind: 'job' | 'timeout' | 'infrastructure' | null;
  readonly exitCode: number | null;
}

/** A job of the suite. */
export interface FaultJob {
  readonly id: string;
  readonly kind: JobKind;
  readonly runtime: RuntimeId;
  readonly needs: readonly string[];
  readonly usesPayload: boolean;
  readonly usesSecret: boolean;
  /** Tries after a failure of the machine. */
  readonly retries: number;
}

/** Exit code of jobs that fail. */
const failedCode = 3;

/** Shows a secret in other forms than its own; what the log then holds is not compared, but must not tell it. */
const leak =
  'printf %s "$FAULT_TOKEN" | base64 | tr -d "\\n"; echo; printf \'{"t":"%s"}\' "$FAULT_TOKEN" >&2';

const floodTurns = 2;

function body({ kind, runtime }: FaultJob): string {
  switch (kind) {
    case 'passes':
      return ':';
    case 'fails':
      return `mark end; exit ${failedCode}`;
    case 'hangs':
      return 'sleep 300';
    case 'spawns':
      return 'sleep 300 & setsid sleep 300 &';
    case 'floods':
      return `for turn in ${Array.from({ length: floodTurns }, (_, turn) => turn).join(' ')}; do cat data/flood.out; cat data/flood.err >&2; done`;
    case 'leaks':
      return leak;
    case 'keeps':
      return 'mkdir -p kept; cat data/words >kept/words; cat data/small.err >kept/bytes';
    case 'vanishes':
      return runtime === 'incus' ? 'poweroff -f; sleep 60' : 'kill -9 $$';
  }
}

/** The script of a job. `FAULT_MARKS` is a directory where it can tell the test how far it came, where there is one. */
export function jobScript(job: FaultJob): string {
  return [
    'mark() { [ -z "$FAULT_MARKS" ] || echo "$1" >>"$FAULT_MARKS/$PIKACI_JOB_ID"; }',
    'mark begin',
    'cat data/small.out',
    'cat data/small.err >&2',
    ...(job.usesSecret ? ['printf "<%s>" "$FAULT_TOKEN"'] : []),
    ...(job.usesPayload ? ['cat words/words'] : []),
    body(job),
    'printf "<end>"',
    'mark end',
  ].join('\n');
}

export function naturalEnd({ kind, runtime }: FaultJob): NaturalEnd {
  switch (kind) {
    case 'fails':
      return { status: 'failed', failureKind: 'job', exitCode: failedCode };
    case 'hangs':
      return { status: 'failed', failureKind: 'timeout', exitCode: null };
    case 'vanishes':
      return runtime === 'incus'
        ? { status: 'failed', failureKind: 'infrastructure', exitCode: null }
        : { status: 'failed', failureKind: 'job', exitCode: 137 };
    case 'passes':
    case 'spawns':
    case 'floods':
    case 'leaks':
    case 'keeps':
      return { status: 'passed', failureKind: null, exitCode: 0 };
  }
}

/** What a job that ended in its natural way has printed; null: not to be compared. */
export function printedBy(
  job: FaultJob,
): { readonly stdout: Buffer; readonly stderr: Buffer } | null {
  if (job.kind === 'leaks') return null;
  const floods = job.kind === 'floods' ? floodTurns : 0;
  const ends = naturalEnd(job).status === 'passed';
  return {
    stdout: Buffer.concat([
      outputFiles['data/small.out'],
      Buffer.from(job.usesSecret ? '<***>' : ''),
      job.usesPayload ? outputFiles['data/words'] : Buffer.alloc(0),
      ...Array.from({ length: floods }, () => outputFiles['data/flood.out']),
      Buffer.from(ends ? '<end>' : ''),
    ]),
    stderr: Buffer.concat([
      outputFiles['data/small.err'],
      ...Array.from({ length: floods }, () => outputFiles['data/flood.err']),
    ]),
  };
}

/** What a job of kind `keeps` has declared as artifacts, and what they hold. */
export const keptFiles = {
  'kept/words': outputFiles['data/words'],
  'kept/bytes': outputFiles['data/small.err'],
} as const;
