import type { CommandResult, CommandSpec } from '@pikaci/host';
import type { NetworkMode, WorkspaceMode } from '@pikaci/model';
import type { JobMount } from '@pikaci/paths';
import type { NamespaceWay } from '../namespace/network-none.js';

/** A mount, and the absolute path at which the job finds it. */
export interface PlacedMount {
  readonly mount: JobMount;
  readonly path: string;
}

/** The working tree that a job wants. All paths are absolute; `workspaceDir` goes through no symbolic link. */
export interface TreeRequest {
  readonly snapshotDir: string;
  /** Where the working tree appears to the job; a directory of the job's own. */
  readonly workspaceDir: string;
  readonly layersDir: string;
  readonly mode: WorkspaceMode;
  readonly mounts: readonly PlacedMount[];
}

/** A process that was started in its working tree. */
export interface StartedProcess {
  readonly pid: number;
  /** How it got into namespaces of its own; null: it has none. */
  readonly way: NamespaceWay | null;
}

/** The job's command. */
export interface TreeCommand extends Pick<
  CommandSpec,
  'timeoutSeconds' | 'graceSeconds' | 'signal' | 'force' | 'endWithUs' | 'onStdout' | 'onStderr'
> {
  /** For `sh -c`, at the root of the working tree. */
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  /** `none`: nothing but a loopback interface of its own, or it is not run. */
  readonly network: NetworkMode;
  /** The id of a process in whose network it runs, if that is none; absent: in one of its own. */
  readonly networkOf?: number | null;
  /** Called when the working tree stands and the command starts. */
  readonly onStarted: (started: StartedProcess) => void;
}

/** A command that was started in its working tree and has ended. */
export interface FinishedCommand {
  readonly kind: 'finished';
  readonly result: CommandResult;
  /** The tree as the command left it, until `release` is called; null when it cannot be looked at. */
  readonly treeDir: string | null;
  release(): Promise<void>;
}

/** No overlay can be mounted for this job. Nothing has been changed: the tree may be copied instead. */
export interface RefusedOverlay {
  readonly kind: 'refused';
  readonly reason: string;
}
