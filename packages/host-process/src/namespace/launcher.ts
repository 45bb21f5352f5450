/** How a process gets a private mount namespace, and gives up the right to change it. */
export interface NamespaceLauncher {
  /** Program and arguments before a command that is to run in a namespace of its own, with the right to mount. */
  readonly enter: readonly string[];
  /**
   * Before a command that is to run without that right: it can neither unmount what was mounted for it nor make it
   * writable. A namespace that it makes for itself cannot either: the kernel locks mounts that are passed on.
   */
  readonly dropRights: readonly string[];
}

/** Programs of util-linux, by absolute path: jobs may have a PATH without them. */
export interface LauncherPrograms {
  readonly unshare: string;
  readonly setpriv: string;
}

/**
 * The ways to a private mount namespace, best first. Root needs no user namespace, and keeps all rights but that of
 * mounting. Others map themselves to themselves in a user namespace (util-linux 2.38).
 */
export function launchers(
  programs: LauncherPrograms,
  isRoot: boolean,
): readonly NamespaceLauncher[] {
  const { unshare, setpriv } = programs;
  const asRoot: NamespaceLauncher = {
    enter: [unshare, '--mount', '--'],
    dropRights: [setpriv, '--bounding-set=-sys_admin', '--inh-caps=-sys_admin', '--'],
  };
  const asUser: NamespaceLauncher = {
    enter: [unshare, '--user', '--map-current-user', '--mount', '--keep-caps', '--'],
    dropRights: [setpriv, '--ambient-caps=-all', '--inh-caps=-all', '--'],
  };
  return isRoot ? [asRoot, asUser] : [asUser];
}
