import { captureCommand, type CapturedCommand } from '@pikaci/host';
import { fail, ok, type Failure, type Outcome, type SecretSource } from '@pikaci/model';
import { createMasker, type NamedSecret } from '../masker/create-masker.js';
import type { SecretSourcesOptions } from './create-secret-sources.js';
import { largestSecret } from './largest-secret.js';
import { sourceFailure } from './source-failure.js';
import { withoutLineEnd } from './without-line-end.js';

/** A password manager may ask a server, but nobody: it has no terminal. */
const timeoutSeconds = 60;
const maxOutputBytes = 1024 * 1024;
/** Of what the command says about its failure. */
const shownCharacters = 400;

type CommandSource = Extract<SecretSource, { command: string }>;

/** What a command prints, without a line end at its end. */
export async function readCommand(
  { workspaceRoot, environment }: SecretSourcesOptions,
  name: string,
  source: CommandSource,
  known: readonly NamedSecret[],
  signal: AbortSignal,
): Promise<Outcome<Uint8Array>> {
  const ran = await captureCommand({
    command: ['/bin/sh', '-c', source.command],
    cwd: workspaceRoot,
    env: definedVariables(environment),
    timeoutSeconds,
    maxBytes: maxOutputBytes,
    signal,
  });
  if (signal.aborted) return fail('cancelled', 'cancelled');
  if (!ran.ok) return sourceFailure(name, source, reasonOf(ran.error));
  if (ran.value.exitCode === 0 && ran.value.ending === 'exited') {
    return ok(withoutLineEnd(ran.value.stdout));
  }
  return sourceFailure(name, source, `${endWords(ran.value)}${saidWords(ran.value, known)}`, {
    hint: 'Run the command by hand in the root of the workspace. It has no terminal and no input here.',
  });
}

function reasonOf({ message, reason }: Failure): string {
  return reason === null ? message : `${message}: ${reason}`;
}

function endWords({ ending, exitCode, signal }: CapturedCommand): string {
  if (ending === 'timed-out') return `it took more than ${timeoutSeconds} seconds`;
  return exitCode === null
    ? `it was ended by ${signal ?? 'a signal'}`
    : `it exited with ${exitCode}`;
}

/** The end of what it said, without what it printed as (part of) the secret and without other secrets. */
function saidWords(ran: CapturedCommand, known: readonly NamedSecret[]): string {
  // So much that it is no secret, and too much to look for.
  if (ran.stdout.length > largestSecret) return '';
  const masker = createMasker([...known, { name: 'printed', value: ran.stdout.toString('utf8') }]);
  const said = masker.text(ran.stderr.toString('utf8')).trim();
  if (said === '') return '';
  return said.length <= shownCharacters ? `: ${said}` : `: …${said.slice(-shownCharacters)}`;
}

function definedVariables(
  environment: SecretSourcesOptions['environment'],
): Record<string, string> {
  const defined = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(defined);
}
