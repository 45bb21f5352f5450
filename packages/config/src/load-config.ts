import {
  fail,
  ok,
  type Failure,
  type FailureLocation,
  type Outcome,
  type PikaciConfig,
} from '@pikaci/model';
import { dirname, resolve } from 'node:path';
import { unusedPayloads } from './checks/unused-payloads.js';
import { configFailure, locationOf, placeIssues } from './config-failure.js';
import { originsIn, type OriginOf } from './config-origin.js';
import { configFileNames } from './config-format.js';
import { findConfigFile } from './find-config-file.js';
import { readConfigSource } from './read-config-source.js';
import type { ConfigSource } from './source/config-source.js';
import { validateConfig } from './validate-config.js';

/** A valid configuration and where it came from. */
export interface LoadedConfig {
  readonly config: PikaciConfig;
  /** Absolute path. */
  readonly file: string;
  /** The directory of the file: paths and globs of the configuration are relative to it. */
  readonly workspaceRoot: string;
  /** Where each value comes from. */
  readonly originOf: OriginOf;
  /** What looks wrong and does no harm. */
  readonly warnings: readonly ConfigWarning[];
}

/** Something that is hardly meant as it stands. */
export interface ConfigWarning {
  readonly message: string;
  readonly location: FailureLocation;
}

/** What to load. */
export interface LoadConfigOptions {
  /** Where the search begins, and what a relative `file` is relative to. Absolute. */
  readonly cwd: string;
  /** `--config`: this file and no other. */
  readonly file?: string | undefined;
  /** Whether it is all right to find no file. A file that is named and missing is never all right. */
  readonly allowMissing?: boolean | undefined;
}

/** Finds, reads and checks the configuration. Every failure is of kind `config`. With `allowMissing`, no file gives null. */
export async function loadConfig(
  options: LoadConfigOptions & { readonly allowMissing: true },
): Promise<Outcome<LoadedConfig | null>>;
export async function loadConfig(
  options: LoadConfigOptions & { readonly allowMissing?: false | undefined },
): Promise<Outcome<LoadedConfig>>;
export async function loadConfig(
  options: LoadConfigOptions,
): Promise<Outcome<LoadedConfig | null>> {
  const { cwd, file, allowMissing = false } = options;
  if (file !== undefined) return loadFile(resolve(cwd, file));
  const found = await findConfigFile(cwd);
  if (!found.ok) return found;
  if (found.value !== null) return loadFile(found.value);
  return allowMissing ? ok(null) : notFound(cwd);
}

async function loadFile(file: string): Promise<Outcome<LoadedConfig>> {
  const read = await readConfigSource(file);
  if (!read.ok) return read;
  const source = read.value;
  const validation = validateConfig(source.value);
  const issues = [...source.issues, ...(validation.ok ? [] : validation.issues)];
  if (!validation.ok || issues.length > 0) {
    return configFailure({ file, text: source.text }, placeIssues(issues, source.locate));
  }
  const { config } = validation;
  const warnings = warningsOf(config, file, source);
  const originOf = originsIn(source, validation.sourcePath);
  return ok({ config, file, workspaceRoot: dirname(file), originOf, warnings });
}

function warningsOf(
  config: PikaciConfig,
  file: string,
  source: ConfigSource,
): readonly ConfigWarning[] {
  const issues = [...source.warnings, ...unusedPayloads(config)];
  return placeIssues(issues, source.locate).map(({ issue, position }) => ({
    message: issue.message,
    location: locationOf(file, position),
  }));
}

function notFound(cwd: string): { readonly ok: false; readonly error: Failure } {
  return fail('config', `There is no configuration file in ${cwd} or in any directory above it`, {
    location: { file: cwd },
    reason: `none of ${configFileNames.join(', ')} was found`,
    hint: 'Have one written for what is here with npx pikaci init, or look at one with npx pikaci init --dry-run.',
  });
}
