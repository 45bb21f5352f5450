import { resolve } from 'node:path';

/** Where a state root may be named, in order of precedence. */
export interface StateRootSources {
  /** `--state-root`. */
  readonly flag: string | undefined;
  /** `PIKACI_STATE_ROOT`; an empty value counts as absent. */
  readonly environment: string | undefined;
  readonly workspaceRoot: string;
  /** What a relative flag or variable is relative to. */
  readonly cwd: string;
}

/** The absolute state root: the flag, else the environment variable, else `.pikaci` in the workspace root. */
export function resolveStateRoot(sources: StateRootSources): string {
  if (sources.flag !== undefined && sources.flag !== '') return resolve(sources.cwd, sources.flag);
  if (sources.environment !== undefined && sources.environment !== '') {
    return resolve(sources.cwd, sources.environment);
  }
  return resolve(sources.workspaceRoot, '.pikaci');
}
