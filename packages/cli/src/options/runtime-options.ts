import { Option, type Command } from 'commander';
import { runtimeIdSchema, type IncusRuntimeConfig, type RuntimeId } from '@pikaci/model';
import type { CliIo } from '../io.js';

/** Options of commands that plan or run jobs. */
export interface RuntimeOptions {
  readonly runtime?: RuntimeId;
  readonly incusSocket?: string;
  readonly image?: string;
}

/** Adds the options that choose and set up the runtime. */
export function addRuntimeOptions(command: Command): Command {
  return addServerOptions(
    command.addOption(
      new Option('--runtime <id>', 'run every job on this runtime').choices(
        runtimeIdSchema.options,
      ),
    ),
  );
}

/** Adds the options that say which Incus server is meant. */
export function addServerOptions(command: Command): Command {
  return command
    .option('--incus-socket <path>', 'unix socket of the Incus server (env PIKACI_INCUS_SOCKET)')
    .option('--image <alias>', 'image of the instances (env PIKACI_INCUS_IMAGE)');
}

/** Incus' settings with flags and environment applied: a flag wins over a variable, a variable over the configuration. */
export function withRuntimeOptions(
  incus: IncusRuntimeConfig,
  options: RuntimeOptions,
  env: CliIo['env'],
): IncusRuntimeConfig {
  const socket = firstSet(options.incusSocket, env['PIKACI_INCUS_SOCKET']) ?? incus.socket;
  const image = firstSet(options.image, env['PIKACI_INCUS_IMAGE']) ?? incus.image;
  return { ...incus, socket, ...(image === undefined ? {} : { image }) };
}

/** The first that is set; an empty value counts as absent. */
function firstSet(...values: readonly (string | undefined)[]): string | undefined {
  return values.find((value) => value !== undefined && value !== '');
}
