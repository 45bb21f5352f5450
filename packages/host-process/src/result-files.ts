import { basename, join } from 'node:path';
import { writeFileAtomically } from '@pikaci/host';
import {
  describeFailure,
  formatTimestamp,
  guestResultCodec,
  guestStatusCodec,
  type HostContext,
} from '@pikaci/model';
import type { JobVerdict } from './job-verdict.js';

/** Names in the artifacts directory of the files that pikaci writes itself. */
export const resultFileNames = {
  result: 'result.json',
  status: 'status.json',
  events: 'events.jsonl',
} as const;

/** Every name in a job's artifacts directory that no declared artifact may have. */
export function reservedArtifactNames(context: HostContext): readonly string[] {
  return [...Object.values(resultFileNames), basename(context.guestLogPath)];
}

/** When the command's life began and ended. */
export interface JobSpan {
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

/** Writes what a guest would leave behind: result, state and lifecycle of the command. Returns what went wrong. */
export async function writeResultFiles(
  artifactsDir: string,
  verdict: JobVerdict,
  span: JobSpan,
): Promise<readonly string[]> {
  const files: readonly (readonly [string, string])[] = [
    [resultFileNames.events, lifecycle(verdict, span)],
    [resultFileNames.status, json(guestStatusCodec.encode(statusOf(verdict, span)))],
    // The result comes last: who finds it may rely on the others.
    [resultFileNames.result, json(guestResultCodec.encode(resultOf(verdict, span)))],
  ];
  const notes: string[] = [];
  for (const [name, text] of files) {
    const written = await writeFileAtomically(join(artifactsDir, name), text);
    if (!written.ok) notes.push(describeFailure(written.error));
  }
  return notes;
}

function stateOf(verdict: JobVerdict): 'completed' | 'failed' {
  return verdict.failure === null ? 'completed' : 'failed';
}

function resultOf(
  verdict: JobVerdict,
  span: JobSpan,
): Parameters<typeof guestResultCodec.encode>[0] {
  return {
    schemaVersion: 1,
    status: stateOf(verdict),
    finishedAt: formatTimestamp(span.finishedAt),
    message: verdict.message,
    exitCode: verdict.exitCode,
  };
}

function statusOf(
  verdict: JobVerdict,
  span: JobSpan,
): Parameters<typeof guestStatusCodec.encode>[0] {
  return {
    schemaVersion: 1,
    state: stateOf(verdict),
    updatedAt: formatTimestamp(span.finishedAt),
    message: verdict.message,
  };
}

/** One line for the start and one for the end, in the form that guests write. */
function lifecycle(verdict: JobVerdict, span: JobSpan): string {
  const lines = [
    { kind: 'started', at: span.startedAt, message: 'command started' },
    { kind: 'finished', at: span.finishedAt, message: verdict.message },
  ];
  return lines
    .map(({ kind, at, message }, index) => ({
      schema_version: 1,
      seq: index + 1,
      kind,
      timestamp: formatTimestamp(at),
      message,
    }))
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
