import type { JobExecution, Outcome } from '@pikaci/model';
import { removeTreeDirectories } from './working-tree/remove-tree-directories.js';
import type { NamespaceSupport } from './namespace/detect-namespaces.js';
import { checkNetwork, wayFor } from './namespace/network-none.js';
import { runInCopy } from './working-tree/run-in-copy.js';
import { runInNamespace } from './working-tree/run-in-namespace.js';
import type { FinishedCommand, TreeCommand, TreeRequest } from './working-tree/working-tree.js';

/** Runs the command in a namespace where there are any, else in copies; the host log says which, once. */
export async function runInTree(
  support: NamespaceSupport,
  request: TreeRequest,
  command: TreeCommand,
  observer: JobExecution['observer'],
): Promise<Outcome<FinishedCommand>> {
  const network = await checkNetwork(support, command.network);
  if (!network.ok) return network;
  if (!support.available) return copied(support, support.reason, request, command, observer);
  const outcome = await runInNamespace(support.launcher, request, command);
  if (!outcome.ok) return outcome;
  if (outcome.value.kind === 'finished') return { ok: true, value: outcome.value };
  return copied(support, outcome.value.reason, request, command, observer);
}

async function copied(
  support: NamespaceSupport,
  why: string,
  request: TreeRequest,
  command: TreeCommand,
  observer: JobExecution['observer'],
): Promise<Outcome<FinishedCommand>> {
  const writable = request.mode === 'read-only' ? '; writes to them are lost, not refused' : '';
  observer.onLog(
    `copying the workspace and its payloads instead of mounting them${writable}: ${why}`,
  );
  // The attempt to mount has made their directories.
  const cleared = await removeTreeDirectories(request);
  if (!cleared.ok) return cleared;
  const way = support.available
    ? wayFor(support.launcher, command.network, command.networkOf ?? null)
    : null;
  return runInCopy(request, command, { why, way: command.network === 'none' ? way : null });
}
