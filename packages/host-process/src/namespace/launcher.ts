/** What of a process another one may join. */
export type NamespaceKind = 'mount' | 'net';

/** How a process gets a private mount namespace, and gives up the right to change it. */
export interface NamespaceLauncher {
  /** Program and arguments before a command that is to run in a namespace of its own, with the right to mount. */
  readonly enter: readonly string[];
  /** The same, in a network namespace of its own as well, with the right to change it. */
  readonly enterWithoutNetwork: readonly string[];
  /**
   * Before a command that is to run without that right: it can neither unmount what was mounted for it nor make it
   * writable. A namespace that it makes for itself cannot either: the kernel locks mounts that are passed on.
   */
  readonly dropRights: readonly string[];
  /** The same for a command without network: it cannot make itself one either. */
  readonly dropNetworkRights: readonly string[];
  /** Before a command that is to run in namespaces of a process that was started by one of these; with all rights there. */
  readonly join: (pid: number, kinds: readonly NamespaceKind[]) => readonly string[];
}

/** Programs of util-linux, by absolute path: jobs may have a PATH without them. */
export interface LauncherPrograms {
  readonly unshare: string;
  readonly nsenter: string;
  readonly setpriv: string;
}

/**
 * The ways to a private mount namespace, best first. Root needs no user namespace, and keeps all rights but that of
 * mounting and, without network, that of making one. Others map themselves to themselves in a user namespace (util-linux 2.38).
 */
export function launchers(
  programs: LauncherPrograms,
  isRoot: boolean,
): readonly NamespaceLauncher[] {
  const { unshare, setpriv, nsenter } = programs;
  const rootRights = '-sys_admin';
  const networkRights = '-sys_admin,-net_admin';
  const asRoot: NamespaceLauncher = {
    enter: [unshare, '--mount', '--'],
    enterWithoutNetwork: [unshare, '--mount', '--net', '--'],
    dropRights: [setpriv, `--bounding-set=${rootRights}`, `--inh-caps=${rootRights}`, '--'],
    dropNetworkRights: [
      setpriv,
      `--bounding-set=${networkRights}`,
      `--inh-caps=${networkRights}`,
      '--',
    ],
    join: (pid, kinds) => [nsenter, `--target=${pid}`, ...kinds.map(joinOption), '--'],
  };
  const userOptions = ['--user', '--map-current-user', '--mount', '--keep-caps'];
  const dropAll = [setpriv, '--ambient-caps=-all', '--inh-caps=-all', '--'];
  const asUser: NamespaceLauncher = {
    enter: [unshare, ...userOptions, '--'],
    enterWithoutNetwork: [unshare, ...userOptions, '--net', '--'],
    dropRights: dropAll,
    dropNetworkRights: dropAll,
    join: (pid, kinds) => {
      const user = ['--user', '--preserve-credentials'];
      return [nsenter, `--target=${pid}`, ...user, ...kinds.map(joinOption), '--'];
    },
  };
  return isRoot ? [asRoot, asUser] : [asUser];
}

function joinOption(kind: NamespaceKind): string {
  return `--${kind}`;
}
