import { fail, ok, type Outcome, type SecretSource } from '@pikaci/model';
import type { NamedSecret } from '../masker/create-masker.js';
import type { SecretSourcesOptions } from './create-secret-sources.js';
import { largestSecret } from './largest-secret.js';
import { readCommand } from './read-command.js';
import { readSecretFile } from './read-secret-file.js';
import { sourceFailure } from './source-failure.js';

/**
 * The value of one secret. No failure shows any of it.
 * @param known the secrets that were read before
 */
export async function readSecret(
  options: SecretSourcesOptions,
  name: string,
  known: readonly NamedSecret[],
  signal: AbortSignal,
): Promise<Outcome<string>> {
  const source = Object.hasOwn(options.secrets, name) ? options.secrets[name] : undefined;
  if (source === undefined) {
    return fail('config', `There is no secret ${name} in the configuration`, {
      hint: `Add it: secrets: { ${name}: { env: ${name} } }.`,
    });
  }
  const bytes = await readBytes(options, name, source, known, signal);
  return bytes.ok ? checkedText(name, source, bytes.value) : bytes;
}

async function readBytes(
  options: SecretSourcesOptions,
  name: string,
  source: SecretSource,
  known: readonly NamedSecret[],
  signal: AbortSignal,
): Promise<Outcome<Uint8Array>> {
  if ('file' in source) return readSecretFile(options.workspaceRoot, name, source);
  if ('command' in source) return readCommand(options, name, source, known, signal);
  const value = options.environment[source.env];
  if (value !== undefined) return ok(Buffer.from(value));
  return sourceFailure(name, source, 'it is not set', {
    hint: `Set ${source.env} in the environment that pikaci is started in.`,
  });
}

function checkedText(name: string, source: SecretSource, bytes: Uint8Array): Outcome<string> {
  const encode = 'Encode it, for example with base64, and decode it in the job.';
  if (bytes.length > largestSecret) {
    return sourceFailure(name, source, `it has more than ${largestSecret} bytes`, {
      hint: 'Keep the large part encrypted in the workspace, and make its key the secret.',
    });
  }
  // Neither variables nor shells can hold it.
  if (bytes.includes(0)) return sourceFailure(name, source, 'it has NUL bytes', { hint: encode });
  try {
    return ok(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return sourceFailure(name, source, 'it is not UTF-8 text', { hint: encode });
  }
}
