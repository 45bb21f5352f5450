import {
  ok,
  systemClock,
  type Clock,
  type Runtime,
  type SweepReport,
  type SweepRequest,
} from '@pikaci/model';
import { attachJob } from './attach-job.js';
import { detectNamespaces, type NamespaceSupport } from './namespace/detect-namespaces.js';
import { runJob } from './run-job.js';
import { openShell } from './shell/open-shell.js';
import { sweepProcesses } from './sweep/sweep-processes.js';
import { sweepTrees } from './sweep/sweep-trees.js';

/** Settings of the process runtime; all may be left out. */
export interface ProcessRuntimeOptions {
  readonly clock?: Clock;
  /** `never` copies the workspace and payloads for each job, also where private mounts would do. */
  readonly namespaces?: 'auto' | 'never';
  /** Absolute path of the state root whose leftovers `sweep` removes; without it there are none. */
  readonly stateRoot?: string;
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
    attach: attachJob,
    openShell: (request) => openShell(settings, request),
    sweep: (request) => sweepOf(options.stateRoot ?? null, request),
    close: () => Promise.resolve([]),
  };
}

async function sweepOf(stateRoot: string | null, request: SweepRequest): Promise<SweepReport> {
  if (stateRoot === null) return { removed: [], problems: [] };
  // Processes first: they may still write to the trees.
  const processes = await sweepProcesses(stateRoot, request);
  const trees = await sweepTrees(stateRoot, request);
  return {
    removed: [...processes.removed, ...trees.removed],
    problems: [...processes.problems, ...trees.problems],
  };
}

const switchedOff: NamespaceSupport = {
  available: false,
  reason: 'private mounts are switched off',
};
