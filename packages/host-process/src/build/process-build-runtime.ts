import { ok, type BuildRuntime } from '@pikaci/model';
import { detectNamespaces, type NamespaceSupport } from '../namespace/detect-namespaces.js';
import { runBuild } from './run-build.js';

/** Settings of builds as plain processes; all may be left out. */
export interface ProcessBuildRuntimeOptions {
  /** What builds inherit a part of; the environment of this process unless set. */
  readonly environment?: NodeJS.ProcessEnv;
  /** `never` copies what a build depends on, also where private mounts would do. */
  readonly namespaces?: 'auto' | 'never';
  /** Absolute path of an existing directory: builds see it read-only, except for their own directories in it. */
  readonly stateRoot?: string;
  /** Between SIGTERM and SIGKILL of a build that has to end. 5 unless set. */
  readonly graceSeconds?: number;
}

const defaultGraceSeconds = 5;

/**
 * Builds payloads as plain processes of this machine. On Linux each has a private view of the files: what it depends on
 * is mounted read-only where it belongs, and the state root is read-only. Elsewhere it gets copies.
 */
export function createProcessBuildRuntime(options: ProcessBuildRuntimeOptions = {}): BuildRuntime {
  let detected: Promise<NamespaceSupport> | undefined;
  const support = (): Promise<NamespaceSupport> =>
    (detected ??=
      options.namespaces === 'never'
        ? Promise.resolve({ available: false, reason: 'private mounts are switched off' })
        : detectNamespaces());
  const settings = {
    environment: options.environment ?? process.env,
    graceSeconds: options.graceSeconds ?? defaultGraceSeconds,
    stateRoot: options.stateRoot ?? null,
    support,
  };
  return {
    id: 'process',
    identify: () => Promise.resolve(ok([])),
    run: (build) => runBuild(settings, build),
  };
}
