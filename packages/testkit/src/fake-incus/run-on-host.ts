import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecHandler, FakeExec, FakeTerminalSize } from './fake-exec.js';

/** How commands of fake guests run on the host. */
export interface RunOnHostOptions {
  /**
   * Guest paths that are replaced by where they lie on the host, in arguments and environment: without privilege the
   * guest's directory cannot be made a command's `/`.
   */
  readonly guestPaths?: readonly string[] | undefined;
  /** Variables beside those of the request, which they win over. */
  readonly environment?: ((exec: FakeExec) => Readonly<Record<string, string>>) | undefined;
}

/** An exec handler that really runs commands on the host, with the guest's directory as working directory. */
export function runOnHost(options: RunOnHostOptions = {}): ExecHandler {
  return (exec) => {
    const rewrite = rewriterOf(exec, options.guestPaths ?? []);
    const [program = '', ...args] = atTerminal(exec, exec.request.command.map(rewrite));
    const environment = Object.entries(exec.request.environment);
    const child = spawn(program, args, {
      cwd: workingDirectory(exec),
      env: {
        PATH: process.env['PATH'],
        ...Object.fromEntries(environment.map(([name, value]) => [name, rewrite(value)])),
        ...options.environment?.(exec),
      },
      // A group of its own: stopping the instance ends everything the command started.
      detached: true,
    });
    child.on('error', () => exec.refuse('Command not found'));
    child.stdout.on('data', (chunk: Buffer) => exec.stdout(chunk));
    child.stderr.on('data', (chunk: Buffer) => exec.stderr(chunk));
    child.stdin.on('error', () => undefined);
    if (exec.request.terminal !== null) exec.hearInput((chunk) => void child.stdin.write(chunk));
    else void exec.stdin.then((input) => child.stdin.end(input));
    exec.onResize = (size) => setSize(exec, size);
    exec.onSignal = (signal) => child.kill(signal);
    void exec.killed.then((reason) => {
      if (reason === 'client-gone') child.kill('SIGKILL');
      else killGroup(child.pid);
    });
    child.on('exit', (code, signal) => {
      void outputsEnd(child).then(() => exec.exit(code ?? 128 + signalNumber(signal)));
    });
  };
}

/** Where a command at a terminal says which one it is. */
const terminalFile = (exec: FakeExec): string => join(exec.instance.files.root, '.terminal');

/**
 * A command as it is run at a terminal, by `script` of util-linux, whose own command is a shell's; what is to be found
 * on the PATH is looked for before.
 */
function atTerminal(exec: FakeExec, command: readonly string[]): readonly string[] {
  const { terminal } = exec.request;
  if (terminal === null || !isProgram(command[0] ?? '')) return command;
  const { width, height } = terminal;
  const quoted = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const size = `stty cols ${width} rows ${height}; tty >'${terminalFile(exec)}'`;
  return ['script', '-qefc', `${size}; exec ${quoted}`, '/dev/null'];
}

function isProgram(name: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'command -v "$1"', 'sh', name]).status === 0;
}

function setSize(exec: FakeExec, { width, height }: FakeTerminalSize): void {
  const terminal = readFileSync(terminalFile(exec), 'utf8').trim();
  spawnSync('stty', ['-F', terminal, 'cols', String(width), 'rows', String(height)]);
}

/** Replaces guest paths in a text by where they lie on the host. Those that are replaced already stay as they are. */
export function rewriterOf(
  exec: FakeExec,
  guestPaths: readonly string[],
): (text: string) => string {
  if (guestPaths.length === 0) return (text) => text;
  const { root } = exec.instance.files;
  // Longest first, and all in one pass: `/run/x` must not be replaced by what `/run` stands for.
  const paths = [...guestPaths].sort((a, b) => b.length - a.length).map(escapeForPattern);
  const pattern = new RegExp(`(?<!${escapeForPattern(root)})(?:${paths.join('|')})`, 'g');
  return (text) => text.replace(pattern, (path) => root + path);
}

/** How long the last output may take. As with Incus, what a command leaves behind does not keep its exec from ending. */
const lastOutputMs = 100;

function outputsEnd(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, lastOutputMs);
    child.once('close', () => {
      clearTimeout(late);
      resolve();
    });
  });
}

function escapeForPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** As Incus does, a directory that does not exist is ignored. */
function workingDirectory({ request, instance }: FakeExec): string {
  const wanted = instance.files.hostPath(request.cwd ?? '/root');
  return existsSync(wanted) ? wanted : instance.files.root;
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

const signalNumbers: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGKILL: 9,
  SIGTERM: 15,
};

function signalNumber(signal: string | null): number {
  return signalNumbers[signal ?? ''] ?? 0;
}
