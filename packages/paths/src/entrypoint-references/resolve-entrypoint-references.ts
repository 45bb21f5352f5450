import { fail, ok, type Outcome, type PreparedPayload } from '@pikaci/model';
import { posix } from 'node:path';
import { isWithin } from '../containment.js';
import { shellQuote } from '../shell-quote.js';
import {
  literalReferenceHint,
  parseEntrypointReferences,
  type CommandPart,
} from './parse-entrypoint-references.js';

/** A mount as the job finds it. */
export interface FoundMount {
  readonly payloadId: string;
  readonly name: string;
  /** Absolute path, where the job sees it. */
  readonly path: string;
}

type Payload = Pick<PreparedPayload, 'payloadId' | 'manifest'>;
type Reference = Extract<CommandPart, { kind: 'entrypoint' }>;

/**
 * A job's command with each reference to an entry point replaced by the path at which the job finds it, as one word of
 * the shell; so a reference belongs outside quotes. Of several mounts that hold an entry point, the innermost counts.
 *
 * @returns a failure that says what there is, when there is no such payload or entry point, or no mount that holds it
 */
export function resolveEntrypointReferences(
  command: string,
  payloads: readonly Payload[],
  mounts: readonly FoundMount[],
): Outcome<string> {
  const words: string[] = [];
  for (const part of parseEntrypointReferences(command)) {
    if (part.kind === 'malformed') {
      return fail('config', `${part.text} in the command ${part.problem}`, {
        hint: literalReferenceHint,
      });
    }
    const word = part.kind === 'text' ? ok(part.text) : entrypointWord(part, payloads, mounts);
    if (!word.ok) return word;
    words.push(word.value);
  }
  return ok(words.join(''));
}

function entrypointWord(
  { text, payloadId, name }: Reference,
  payloads: readonly Payload[],
  mounts: readonly FoundMount[],
): Outcome<string> {
  const payload = payloads.find((one) => one.payloadId === payloadId);
  if (payload === undefined) {
    return fail('config', `The job has no payload "${payloadId}", and its command has ${text}`, {
      hint: `Add the payload to the job, or correct the name. ${listed(
        'It has',
        payloads.map((one) => one.payloadId),
      )}`,
    });
  }
  const { entrypoints } = payload.manifest;
  const entrypoint = entrypoints.find((one) => one.name === name);
  if (entrypoint === undefined) {
    return fail('config', `Payload "${payloadId}" has no entry point "${name}"`, {
      reason: `the command has ${text}`,
      hint: listed(
        'It has',
        entrypoints.map((one) => one.name),
      ),
    });
  }
  const path = innermostPath(payload, entrypoint.relativePath, mounts);
  if (path !== null) return ok(shellQuote(path));
  return fail('payload', `No mount holds the entry point "${name}" of payload "${payloadId}"`, {
    reason: `it is ${entrypoint.relativePath} in the payload`,
    hint: 'Declare a mount that holds it, or another path for the entry point.',
  });
}

function listed(beginning: string, names: readonly string[]): string {
  return names.length === 0 ? `${beginning} none.` : `${beginning}: ${names.join(', ')}.`;
}

/** Where the job finds a path of the payload; null when no mount holds it. */
function innermostPath(
  { payloadId, manifest }: Payload,
  relativePath: string,
  mounts: readonly FoundMount[],
): string | null {
  const holding = manifest.mounts
    .map((mount) => ({ name: mount.name, root: posix.join('/', mount.relativePath) }))
    .filter(({ root }) => isWithin(root, posix.join('/', relativePath)))
    .sort((a, b) => b.root.length - a.root.length)[0];
  const found = mounts.find((one) => one.payloadId === payloadId && one.name === holding?.name);
  if (holding === undefined || found === undefined) return null;
  const rest = posix.relative(holding.root, posix.join('/', relativePath));
  return posix.join(found.path, rest);
}
