import { runCommand, type CommandResult } from '@pikaci/host';
import { ok, type Outcome } from '@pikaci/model';
import { shellCommand, workspaceSetupPrefix, workspaceSetupStatus } from '@pikaci/paths';
import type { FileHandle } from 'node:fs/promises';
import { ReadyGate, readyLine } from '../working-tree/ready-gate.js';
import type { TreeCommand } from '../working-tree/working-tree.js';
import type { NamespaceLauncher } from './launcher.js';
import { loopbackUp, wayFor, type NamespaceWay } from './network-none.js';

const ignoreOutput = (): void => undefined;

/** A command that was started in its namespace and has ended, or that had to be ended before. */
export interface RanInNamespace {
  readonly kind: 'ran';
  readonly result: CommandResult;
  /** Keeps the namespace's working directory alive until it is closed; null when it could not be opened. */
  readonly tree: FileHandle | null;
}

/** The setup ended by itself, before the command could start. */
export interface NotSetUp {
  readonly kind: 'not-set-up';
  readonly exitCode: number | null;
  /** What the setup script said, without its prefix. */
  readonly reason: string;
}

/**
 * Runs a setup script in a private mount namespace and then, in `workDir` and without the right to mount, a command.
 * When the namespace's last process ends the kernel takes all of it away.
 */
export async function runSetUp(
  launcher: NamespaceLauncher,
  setup: string,
  workDir: string,
  command: TreeCommand,
): Promise<Outcome<RanInNamespace | NotSetUp>> {
  const {
    script,
    env,
    network,
    networkOf = null,
    onStarted,
    onStdout = ignoreOutput,
    onStderr = ignoreOutput,
    ...limits
  } = command;
  const way = wayFor(launcher, network, networkOf);
  const gate = new ReadyGate({
    onStarted: (pid) => onStarted({ pid, way }),
    onStdout,
    onStderr,
  });
  const launch = launchScript(way, network === 'none' ? `${loopbackUp}\n${setup}` : setup, workDir);
  const ran = await runCommand({
    ...limits,
    command: [...way.enter, '/bin/sh', '-c', launch, 'sh', script],
    cwd: '/',
    env,
    stdin: gate.stdin,
    observeSpawn: gate.observeSpawn,
    onStdout: gate.onStdout,
    onStderr: gate.onStderr,
  });
  if (!ran.ok) return ran;
  const { ending, exitCode } = ran.value;
  if (!gate.ready && (ending === 'exited' || ending === 'signalled')) {
    return ok({ kind: 'not-set-up', exitCode, reason: setupReason(gate.setupMessage) });
  }
  return ok({ kind: 'ran', result: ran.value, tree: gate.tree });
}

/** Its first argument is the command. */
function launchScript({ dropRights }: NamespaceWay, setup: string, workDir: string): string {
  return [
    setup,
    `${shellCommand(['cd', workDir])} || exit ${workspaceSetupStatus.failed}`,
    shellCommand(['printf', '%s\\n', readyLine.trimEnd()]),
    `read -r pikaci_go || exit ${workspaceSetupStatus.failed}`,
    `exec ${shellCommand([...dropRights, '/bin/sh', '-c'])} "$1" </dev/null`,
    '',
  ].join('\n');
}

/** What a setup script says of its end, in one line as a rule. */
export function setupReason(message: string): string {
  const line = message.split('\n').find((text) => text.startsWith(workspaceSetupPrefix));
  return line?.slice(workspaceSetupPrefix.length) ?? message;
}
