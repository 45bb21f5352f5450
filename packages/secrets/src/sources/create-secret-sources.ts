import {
  ok,
  type JobSecretValue,
  type Outcome,
  type PlannedSecret,
  type RunSecrets,
  type SecretSource,
  type SecretSources,
} from '@pikaci/model';
import { findSecretsIn } from '../find/find-secrets-in.js';
import { isMaskable, shortestNeedle } from '../forms/needles-of.js';
import { createMasker, type NamedSecret } from '../masker/create-masker.js';
import { readSecret } from './read-secret.js';

/** Where secrets come from. */
export interface SecretSourcesOptions {
  /** The `secrets` of the configuration. */
  readonly secrets: Readonly<Record<string, SecretSource>>;
  /** Absolute. Relative files start here, and commands run here. */
  readonly workspaceRoot: string;
  /** The environment that pikaci was started in: variables are read from it, and commands run in it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Reads secrets from variables, files and commands, when a run needs them, each once. */
export function createSecretSources(options: SecretSourcesOptions): SecretSources {
  return {
    async read(names, signal) {
      const known: NamedSecret[] = [];
      for (const name of new Set(names)) {
        const value = await readSecret(options, name, known, signal);
        if (!value.ok) return value;
        known.push({ name, value: value.value });
      }
      return runSecrets(known);
    },
  };
}

function runSecrets(known: readonly NamedSecret[]): Outcome<RunSecrets> {
  const values = new Map(known.map(({ name, value }) => [name, value]));
  const valueOf = (planned: PlannedSecret): JobSecretValue => {
    const value = values.get(planned.secret);
    if (value === undefined) throw new TypeError(`the secret ${planned.secret} was not read`);
    return { ...planned, value };
  };
  return ok({
    masker: createMasker(known),
    warnings: known.flatMap(warningsOf),
    of: (secrets) => secrets.map(valueOf),
    findIn: (paths) => findSecretsIn(paths, known),
  });
}

function warningsOf({ name, value }: NamedSecret): string[] {
  if (value === '') return [`The secret ${name} is empty: check where it comes from`];
  if (isMaskable(value)) return [];
  return [
    `The secret ${name} has less than ${shortestNeedle} bytes: it is not masked, as logs could not be read any more`,
  ];
}
