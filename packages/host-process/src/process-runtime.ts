import { ok, systemClock, type Clock, type Runtime } from '@pikaci/model';
import { detectNamespaces, type NamespaceSupport } from './namespace/detect-namespaces.js';
import { runJob } from './run-job.js';

/** Settings of the process runtime; all may be left out. */
export interface ProcessRuntimeOptions {
  readonly clock?: Clock;
  /** `never` copies the workspace and payloads for each job, also where private mounts would do. */
  readonly namespaces?: 'auto' | 'never';
  /** What jobs inherit a part of; the environment of this process unless set. */
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * The runtime that runs jobs as plain processes of this machine. On Linux each has a private view of the files: an
 * overlay on the snapshot as its working tree, and its payloads mounted read-only. Elsewhere it gets copies.
 */
export function createProcessRuntime(options: ProcessRuntimeOptions = {}): Runtime {
  const { namespaces = 'auto' } = options;
  let detected: Promise<NamespaceSupport> | undefined;
  const support = (): Promise<NamespaceSupport> =>
    (detected ??= namespaces === 'never' ? Promise.resolve(switchedOff) : detectNamespaces());
  const settings = {
    clock: options.clock ?? systemClock,
    environment: options.environment ?? process.env,
    support,
  };
  return {
    id: 'process',
    prepare: () => Promise.resolve(ok(undefined)),
    run: (execution) => runJob(settings, execution),
    attach: () => Promise.resolve(null),
    sweep: () => Promise.resolve({ removed: [], problems: [] }),
    close: () => Promise.resolve([]),
  };
}

const switchedOff: NamespaceSupport = {
  available: false,
  reason: 'private mounts are switched off',
};
