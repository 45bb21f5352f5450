import { runCommand, type CommandResult } from '@pikaci/host';
import { fail, ok, type Failure, type Outcome } from '@pikaci/model';
import {
  shellCommand,
  workspaceSetupPrefix,
  workspaceSetupScript,
  workspaceSetupStatus,
} from '@pikaci/paths';
import type { NamespaceLauncher } from '../namespace/launcher.js';
import { ReadyGate, readyLine } from './ready-gate.js';
import type { FinishedCommand, RefusedOverlay, TreeCommand, TreeRequest } from './working-tree.js';

const ignoreOutput = (): void => undefined;

/**
 * Runs a command in a private mount namespace: overlay on the snapshot, read-only bind mounts. When the namespace's
 * last process ends the kernel takes all of it away; only the directories of the layers remain.
 */
export async function runInNamespace(
  launcher: NamespaceLauncher,
  request: TreeRequest,
  command: TreeCommand,
): Promise<Outcome<FinishedCommand | RefusedOverlay>> {
  const {
    script,
    env,
    onStarted,
    onStdout = ignoreOutput,
    onStderr = ignoreOutput,
    ...limits
  } = command;
  const gate = new ReadyGate({ onStarted, onStdout, onStderr });
  const ran = await runCommand({
    ...limits,
    command: [...launcher.enter, '/bin/sh', '-c', launchScript(launcher, request), 'sh', script],
    cwd: '/',
    env,
    stdin: gate.stdin,
    observeSpawn: gate.observeSpawn,
    onStdout: gate.onStdout,
    onStderr: gate.onStderr,
  });
  if (!ran.ok) return ran;
  if (!gate.ready && endedByItself(ran.value)) return setupOutcome(ran.value, gate.setupMessage);
  const { tree } = gate;
  return ok({
    kind: 'finished',
    result: ran.value,
    treeDir: tree === null ? null : `/proc/self/fd/${tree.fd}`,
    release: async () => tree?.close(),
  });
}

/** Its first argument is the job's command. */
function launchScript(launcher: NamespaceLauncher, request: TreeRequest): string {
  const setup = workspaceSetupScript({
    snapshotDir: request.snapshotDir,
    workDir: request.workspaceDir,
    layersDir: request.layersDir,
    mode: request.mode,
    mounts: request.mounts.map(({ mount, path }) => ({
      name: mount.name,
      source: mount.source,
      target: path,
    })),
    verify: [],
  });
  return [
    setup,
    `${shellCommand(['cd', request.workspaceDir])} || exit ${workspaceSetupStatus.failed}`,
    shellCommand(['printf', '%s\\n', readyLine.trimEnd()]),
    `read -r pikaci_go || exit ${workspaceSetupStatus.failed}`,
    `exec ${shellCommand([...launcher.dropRights, '/bin/sh', '-c'])} "$1" </dev/null`,
    '',
  ].join('\n');
}

function endedByItself(result: CommandResult): boolean {
  return result.ending === 'exited' || result.ending === 'signalled';
}

/** What it means that the setup ended before the job could start. */
function setupOutcome(result: CommandResult, message: string): Outcome<RefusedOverlay> {
  const line = message.split('\n').find((text) => text.startsWith(workspaceSetupPrefix));
  const reason = line?.slice(workspaceSetupPrefix.length) ?? message;
  if (result.exitCode === workspaceSetupStatus.overlayRefused)
    return ok({ kind: 'refused', reason });
  return setupFailure(reason);
}

function setupFailure(reason: string): { readonly ok: false; readonly error: Failure } {
  const message = 'The working tree could not be set up';
  // Lines about a mount are about its declaration: the rest of the machine has been tried out before.
  if (!reason.startsWith('mount "')) return fail('infrastructure', message, { reason });
  return fail('config', message, {
    reason,
    hint: 'Change the mount or the workspace as it says, or run the job in the incus runtime.',
  });
}
