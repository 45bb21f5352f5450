import type { ExecCommand, ExecResult, IncusClient, IncusResult } from '@pikaci/incus-client';
import { fail, ok, type Outcome, type ShellRequest } from '@pikaci/model';
import { shellCommandVariable, shellScript, type JobMount } from '@pikaci/paths';
import { incusFailure, type IncusPlace } from '../incus-failure.js';
import { workingTree } from '../prepare-guest.js';
import { commandEnvironment, jobUser } from '../run-command.js';

/** A guest that is ready for a shell. */
export interface ReadyGuest {
  readonly client: IncusClient;
  readonly place: IncusPlace & { readonly instance: string };
  readonly request: ShellRequest;
  readonly mounts: readonly JobMount[];
  /** The command of the job, its references resolved. */
  readonly jobCommand: string;
}

/** Terminals that a plain guest knows; of another one it may know nothing. */
const usualTerminal = 'xterm-256color';

/** Starts the shell in a guest and has a person use it until it ends; returns its exit code. */
export async function useShell(guest: ReadyGuest): Promise<Outcome<number>> {
  const { place, request, jobCommand } = guest;
  request.onOpen(jobCommand);
  const ran = request.terminal.isTerminal ? await atTerminal(guest) : await withStreams(guest);
  if (request.signal.aborted) return fail('cancelled', 'The shell was ended from outside');
  if (ran.ok) return ok(ran.value.returnCode);
  return { ok: false, error: incusFailure('keep the shell open', ran.error, place) };
}

async function atTerminal(guest: ReadyGuest): Promise<IncusResult<ExecResult>> {
  const { client, place, request } = guest;
  const { terminal, signal } = request;
  const size = () => {
    const { columns, rows } = terminal.size();
    return { width: columns, height: rows };
  };
  let stopResizing = (): void => undefined;
  const restoreKeys = terminal.passKeys();
  try {
    return await client.execInteractive(place.instance, shellOf(guest), {
      signal,
      size: size(),
      input: terminal.input,
      onOutput: (chunk) => terminal.write('stdout', chunk),
      onStarted: (control) => {
        stopResizing = terminal.onResize(() => control.resize(size()));
      },
    });
  } finally {
    stopResizing();
    restoreKeys();
    terminal.closeInput();
  }
}

async function withStreams(guest: ReadyGuest): Promise<IncusResult<ExecResult>> {
  const { client, place, request } = guest;
  const { terminal, signal } = request;
  try {
    return await client.exec(place.instance, shellOf(guest), {
      signal,
      stdin: terminal.input,
      onStdout: (chunk) => terminal.write('stdout', chunk),
      onStderr: (chunk) => terminal.write('stderr', chunk),
    });
  } finally {
    terminal.closeInput();
  }
}

function shellOf({ request, mounts, jobCommand }: ReadyGuest): ExecCommand {
  const { job, command, shell, directory, terminal } = request;
  return {
    command: ['sh', '-c', shellScript({ shell, directory }), 'sh', ...(command ?? [])],
    environment: {
      ...(terminal.isTerminal ? { TERM: usualTerminal } : {}),
      ...commandEnvironment(request, mounts),
      [shellCommandVariable]: jobCommand,
    },
    cwd: workingTree(job.hostContext.workspaceMode),
    ...jobUser(job.user),
  };
}
