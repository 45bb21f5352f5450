import { formatTimestamp } from '../timestamp.js';
import { guestResultCodec, guestStatusCodec } from './guest-result.js';

/** Names in a job's artifacts directory that are pikaci's own: no artifact can have one of them. */
export const reservedArtifactNames: readonly string[] = [
  'guest.log',
  'guest.log.index',
  'result.json',
  'status.json',
  'events.jsonl',
];

/** How a job's command ended, and when it ran. */
export interface CommandEnd {
  readonly passed: boolean;
  /** Null when the command did not end by itself. */
  readonly exitCode: number | null;
  readonly message: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

/** A file of the guest contract. */
export interface GuestContractFile {
  readonly name: string;
  readonly text: string;
}

/**
 * What a guest with a runner of its own would leave behind: lifecycle, state and result of the command. The result
 * comes last: who finds it may rely on the others.
 */
export function guestContractFiles(end: CommandEnd): readonly GuestContractFile[] {
  const state = end.passed ? 'completed' : 'failed';
  const { message, exitCode } = end;
  const finishedAt = formatTimestamp(end.finishedAt);
  const status = { schemaVersion: 1, state, updatedAt: finishedAt, message } as const;
  const result = { schemaVersion: 1, status: state, finishedAt, message, exitCode } as const;
  return [
    { name: 'events.jsonl', text: lifecycle(end) },
    { name: 'status.json', text: json(guestStatusCodec.encode(status)) },
    { name: 'result.json', text: json(guestResultCodec.encode(result)) },
  ];
}

/** One line for the start and one for the end, in the form that guests write. */
function lifecycle(end: CommandEnd): string {
  const lines = [
    { kind: 'started', at: end.startedAt, message: 'command started' },
    { kind: 'finished', at: end.finishedAt, message: end.message },
  ];
  return lines
    .map(({ kind, at, message }, index) => {
      const timestamp = formatTimestamp(at);
      return `${JSON.stringify({ schema_version: 1, seq: index + 1, kind, timestamp, message })}\n`;
    })
    .join('');
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
