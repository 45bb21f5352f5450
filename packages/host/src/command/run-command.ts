import { ok, type Outcome } from '@pikaci/model';
import type { CommandEnding, CommandResult, CommandSpec } from './command-spec.js';
import { drainOutput, pumpOutput, type OutputPump } from './output-pump.js';
import { endGroup } from './process-group.js';
import { startWatchdog, type Watchdog } from './watchdog.js';
import { spawnInGroup, type ProcessExit, type SpawnedCommand } from './spawn-in-group.js';

const defaultGraceSeconds = 5;
/** Longer timers fire at once (they are 32-bit numbers); nobody waits 24 days for a command. */
const longestTimerMs = 2 ** 31 - 1;
/** How long a killed process gets to be reported as ended. */
const reportLimitMs = 1000;

/**
 * Runs a command in a process group of its own. It is over when its first process is: what that left behind in the
 * group is ended. On a timeout or abort the whole group gets SIGTERM and, after the grace period, SIGKILL. The
 * returned promise does not wait for escaped processes that hold the output open.
 *
 * @returns a failure only when the command could not be started: `config` when no machine could start it, as what it
 * is given is too long or holds a NUL byte, else `infrastructure`.
 * @throws what a consumer of the output threw, after the group has been ended.
 */
export async function runCommand(spec: CommandSpec): Promise<Outcome<CommandResult>> {
  const startedMs = performance.now();
  if (stopSignals(spec).some((signal) => signal.aborted)) {
    return ok(resultOf('aborted', null, startedMs));
  }
  const watchdog = spec.endWithUs === undefined ? null : startWatchdog(spec.endWithUs.marks);
  try {
    return await runWatched(spec, watchdog, startedMs);
  } finally {
    watchdog?.dismiss();
  }
}

async function runWatched(
  spec: CommandSpec,
  watchdog: Watchdog | null,
  startedMs: number,
): Promise<Outcome<CommandResult>> {
  const spawned = await spawnInGroup(spec);
  if (!spawned.ok) return spawned;
  const { pid, stdout, stderr } = spawned.value;
  watchdog?.watch(pid);
  spec.observeSpawn?.(pid);
  const pumps = [pumpOutput(stdout, spec.onStdout), pumpOutput(stderr, spec.onStderr)];
  const end = await waitForEnd(spec, spawned.value, pumps);
  await endGroup(pid, (spec.graceSeconds ?? defaultGraceSeconds) * 1000, spec.force);
  await drainOutput(pumps);
  return ok(resultOf(end, await reportedExit(spawned.value), startedMs));
}

function stopSignals({ signal, force }: CommandSpec): readonly AbortSignal[] {
  return [signal, force].filter((given) => given !== undefined);
}

type End = 'ended' | 'timed-out' | 'aborted';

/** Waits for the first process, the timeout, the abort or a consumer that failed, whichever is first. */
async function waitForEnd(
  spec: CommandSpec,
  spawned: SpawnedCommand,
  pumps: readonly OutputPump[],
): Promise<End> {
  return new Promise((resolve) => {
    const onAbort = (): void => settle('aborted');
    const timer =
      spec.timeoutSeconds === undefined
        ? undefined
        : setTimeout(
            () => settle('timed-out'),
            Math.min(spec.timeoutSeconds * 1000, longestTimerMs),
          );
    const settle = (end: End): void => {
      clearTimeout(timer);
      for (const signal of stopSignals(spec)) signal.removeEventListener('abort', onAbort);
      resolve(end);
    };
    for (const signal of stopSignals(spec)) {
      signal.addEventListener('abort', onAbort);
      // It may have been raised while the process was being started.
      if (signal.aborted) onAbort();
    }
    void spawned.exited.then(() => settle('ended'));
    for (const pump of pumps) pump.done.catch(() => settle('aborted'));
  });
}

async function reportedExit(spawned: SpawnedCommand): Promise<ProcessExit> {
  let timer: NodeJS.Timeout | undefined;
  const hanging = new Promise<ProcessExit>((resolve) => {
    timer = setTimeout(() => resolve({ exitCode: null, signal: 'SIGKILL' }), reportLimitMs);
  });
  const exit = await Promise.race([spawned.exited, hanging]);
  clearTimeout(timer);
  return exit;
}

function resultOf(end: End, exit: ProcessExit | null, startedMs: number): CommandResult {
  return {
    exitCode: exit?.exitCode ?? null,
    signal: exit?.signal ?? null,
    ending: endingOf(end, exit),
    durationMs: Math.round(performance.now() - startedMs),
  };
}

function endingOf(end: End, exit: ProcessExit | null): CommandEnding {
  if (end !== 'ended') return end;
  return exit?.signal == null ? 'exited' : 'signalled';
}
