import { captureCommand } from '@pikaci/host';
import { describeFailure, fail, ok, type NetworkMode, type Outcome } from '@pikaci/model';
import type { NamespaceSupport } from './detect-namespaces.js';
import type { NamespaceLauncher } from './launcher.js';

/** How a command gets into its namespaces, and gives up the right to change them. */
export interface NamespaceWay extends Pick<NamespaceLauncher, 'enter' | 'dropRights'> {
  /** Before a command that is to join a process which got into its namespaces this way; with all rights there. */
  readonly join: (pid: number) => readonly string[];
}

/**
 * The way for a command with or without network.
 *
 * @param sharedWith a process in whose network it is to run; null: in one of its own
 */
export function wayFor(
  launcher: NamespaceLauncher,
  network: NetworkMode,
  sharedWith: number | null,
): NamespaceWay {
  const { enter, enterWithoutNetwork, dropNetworkRights, join } = launcher;
  if (network === 'default') {
    return { enter, dropRights: launcher.dropRights, join: (pid) => join(pid, ['mount']) };
  }
  const dropRights = dropNetworkRights;
  if (sharedWith === null) {
    return { enter: enterWithoutNetwork, dropRights, join: (pid) => join(pid, ['mount', 'net']) };
  }
  // One after the other: the user namespace of the second has no say over the network of the first.
  const intoNetwork = join(sharedWith, ['net']);
  return {
    enter: [...intoNetwork, ...enter],
    dropRights,
    join: (pid) => [...intoNetwork, ...join(pid, ['mount'])],
  };
}

/**
 * Shell lines, run with the right to change the namespace, that bring the loopback interface up. Where no program for
 * it is there it stays down: a job without network has less then, never more.
 */
export const loopbackUp =
  '(PATH=/usr/sbin:/usr/bin:/sbin:/bin; ip link set dev lo up || ifconfig lo up) >/dev/null 2>&1';

/** Longer than it ever takes to make a namespace. */
const probeTimeoutSeconds = 20;

/** Finds out by doing it whether commands can be run without network; null when they can, else why not. */
export async function networkNoneProblem(support: NamespaceSupport): Promise<string | null> {
  if (!support.available) return support.reason;
  // The first lines of the file are headings; any interface but the loopback would be one too many.
  const look = 'test -z "$(tail -n +3 /proc/self/net/dev | grep -v "^ *lo:")"';
  const command = [...support.launcher.enterWithoutNetwork, '/bin/sh', '-c', look];
  const ran = await captureCommand({ command, cwd: '/', timeoutSeconds: probeTimeoutSeconds });
  if (!ran.ok) return describeFailure(ran.error);
  if (ran.value.exitCode === 0) return null;
  const said = ran.value.stderr.toString().trim().split('\n')[0] ?? '';
  return said === '' ? 'there are still interfaces in a network namespace of its own' : said;
}

/** A failure for a job that wants no network where that cannot be had: it never runs with one instead. */
export async function checkNetwork(
  support: NamespaceSupport,
  network: NetworkMode,
): Promise<Outcome<void>> {
  const problem = network === 'default' ? null : await networkNoneProblem(support);
  if (problem === null) return ok(undefined);
  return fail('config', 'A process cannot be run without network on this machine', {
    reason: problem,
    hint: 'Run the job in the incus runtime, or take "network: none" away.',
  });
}
