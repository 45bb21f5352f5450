import { dirname, resolve } from 'node:path';
import { findWorkspaceRoot, loadConfig, type OriginOf } from '@pikaci/config';
import { formatLocation, ok, type Outcome, type PikaciConfig } from '@pikaci/model';
import { resolveStateRoot } from '@pikaci/paths';
import type { Session } from './session.js';

/** A workspace with its configuration. */
export interface Workspace {
  readonly config: PikaciConfig;
  /** Absolute path of the configuration file. */
  readonly configFile: string;
  readonly workspaceRoot: string;
  readonly stateRoot: string;
  /** Where each value of the configuration comes from. */
  readonly originOf: OriginOf;
}

/** Loads the configuration and finds out where state is kept. Warnings go to standard error. */
export async function openWorkspace(session: Session): Promise<Outcome<Workspace>> {
  const loaded = await loadConfig(configRequest(session));
  if (!loaded.ok) return loaded;
  const { config, file, workspaceRoot, originOf, warnings } = loaded.value;
  for (const { message, location } of warnings) {
    session.io.stderr.write(`warning: ${message} (${formatLocation(location) ?? file})\n`);
  }
  const stateRoot = stateRootFor(session, workspaceRoot);
  return ok({ config, configFile: file, workspaceRoot, stateRoot, originOf });
}

/**
 * The state root for commands that only read records: a broken or missing configuration does not keep anyone from
 * looking at past runs.
 */
export async function findStateRoot(session: Session): Promise<string> {
  const { config } = session.options;
  const root =
    config === undefined
      ? await findWorkspaceRoot(session.cwd)
      : dirname(resolve(session.cwd, config));
  return stateRootFor(session, root);
}

/** The state root of a workspace: flag, environment variable, or `.pikaci` in it. */
function stateRootFor(session: Session, workspaceRoot: string): string {
  return resolveStateRoot({
    flag: session.options.stateRoot,
    environment: session.io.env['PIKACI_STATE_ROOT'],
    workspaceRoot,
    cwd: session.cwd,
  });
}

function configRequest(session: Session): { readonly cwd: string; readonly file?: string } {
  const { config } = session.options;
  return { cwd: session.cwd, ...(config === undefined ? {} : { file: config }) };
}
