/** Fixed places in a guest. */
export const guestLayout = {
  /** The snapshot, always read-only. */
  snapshot: '/workspace/snapshot',
  /** The working tree of a job with an overlay. */
  work: '/workspace/work',
  /** Where mounts that belong into the working tree are attached before they are bound to their places. */
  payloads: '/pikaci/payloads',
  /** What a build in a guest finds as PIKACI_OUTPUT. */
  output: '/pikaci/output',
  /** The roots of the payloads that a build in a guest depends on. */
  dependencies: '/pikaci/dependencies',
  /** What pikaci itself keeps in the guest: scripts, the command's output and exit status. On the root disk. */
  state: '/var/lib/pikaci',
  /** The guest contract's directory, for images with a runner of their own. */
  contract: '/run/pika-cloud',
} as const;

/** Guest paths at and below which nothing may be mounted: the kernel's. */
export const systemGuestPaths: readonly string[] = ['/proc', '/sys', '/dev'];

/** Guest paths that pikaci uses itself: nothing may be mounted at, below or above them. */
export const ownGuestPaths: readonly string[] = [
  guestLayout.contract,
  guestLayout.snapshot,
  guestLayout.work,
  guestLayout.state,
  '/pikaci',
];
