import { runAtTerminal } from '@pikaci/host';
import { ok, type Outcome, type ShellRequest } from '@pikaci/model';
import { shellCommand, shellScript, workspaceSetupStatus } from '@pikaci/paths';
import type { NamespaceSupport } from '../namespace/detect-namespaces.js';
import { loopbackUp, wayFor, type NamespaceWay } from '../namespace/network-none.js';
import { setupReason } from '../namespace/run-set-up.js';
import { removeTreeDirectories } from '../working-tree/remove-tree-directories.js';
import { makeCopies } from '../working-tree/run-in-copy.js';
import { setupOutcome, setupScript } from '../working-tree/run-in-namespace.js';
import type { TreeRequest } from '../working-tree/working-tree.js';

/** The last line that is said when the working tree stands. */
const ready = 'pikaci-ready';

/** What the shell is started with. */
export interface ShellProcess {
  readonly env: Readonly<Record<string, string>>;
  readonly marks: Readonly<Record<string, string>>;
}

/** Runs the shell in a namespace where there are any, else in copies; returns its exit code. */
export async function runShell(
  support: NamespaceSupport,
  tree: TreeRequest,
  request: ShellRequest,
  process: ShellProcess,
): Promise<Outcome<number>> {
  if (!support.available) return inCopies(null, support.reason, tree, request, process);
  const way = wayFor(support.launcher, request.job.network, null);
  const ran = await runAtTerminal({
    ...process,
    command: [
      ...way.enter,
      '/bin/sh',
      '-c',
      launchScript(way, tree, request),
      'sh',
      ...shellArguments(request),
    ],
    cwd: '/',
    signal: request.signal,
  });
  if (!ran.ok) return ran;
  const { exitCode, message } = ran.value;
  if (message.trimEnd().split('\n').at(-1) === ready || request.signal.aborted) return ok(exitCode);
  const refused = setupOutcome({ exitCode, reason: setupReason(message.trim()) });
  if (!refused.ok) return refused;
  const wanted = request.job.network === 'none' ? way : null;
  return inCopies(wanted, refused.value.reason, tree, request, process);
}

/** What the setup says goes to descriptor 3, and what the person types is for the shell alone. */
function launchScript(
  { dropRights }: NamespaceWay,
  tree: TreeRequest,
  { job }: ShellRequest,
): string {
  const network = job.network === 'none' ? [loopbackUp] : [];
  return [
    '{',
    ...network,
    setupScript(tree),
    `${shellCommand(['cd', tree.workspaceDir])} || exit ${workspaceSetupStatus.failed}`,
    `echo ${ready}`,
    '} </dev/null >&3 2>&3',
    'exec 3>&-',
    `exec ${shellCommand([...dropRights, '/bin/sh', '-c'])} "$@"`,
  ].join('\n');
}

/** What `sh -c` is given: the script, its name, and the command. */
function shellArguments({ shell, directory, command }: ShellRequest): readonly string[] {
  return [shellScript({ shell, directory }), 'sh', ...(command ?? [])];
}

async function inCopies(
  way: NamespaceWay | null,
  why: string,
  tree: TreeRequest,
  request: ShellRequest,
  process: ShellProcess,
): Promise<Outcome<number>> {
  request.onNote(`copying the workspace and its payloads instead of mounting them: ${why}`);
  // The attempt to mount has made their directories.
  const cleared = await removeTreeDirectories(tree);
  if (!cleared.ok) return cleared;
  const copied = await makeCopies(tree, why, request.signal);
  if (!copied.ok) return copied;
  const command = ['/bin/sh', '-c', ...shellArguments(request)];
  const launch = way === null ? '' : `${loopbackUp}\nexec ${shellCommand(way.dropRights)} "$@"`;
  const ran = await runAtTerminal({
    ...process,
    command: way === null ? command : [...way.enter, '/bin/sh', '-c', launch, 'sh', ...command],
    cwd: tree.workspaceDir,
    signal: request.signal,
  });
  return ran.ok ? ok(ran.value.exitCode) : ran;
}
