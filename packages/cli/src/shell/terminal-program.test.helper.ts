import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { shellCommand } from '@pikaci/paths';
import { expect, vi } from 'vitest';

/** `script`, of util-linux, runs a program in a pseudo-terminal. */
export const hasTerminals = spawnSync('script', ['--version']).status === 0;

/** Longer than anything here takes, on a machine that does much else. */
const patience = { timeout: 30_000, interval: 20 };

/** A program at a terminal, and the person who uses it. */
export interface TerminalProgram {
  /** Types keys; `\r` is that of Enter. */
  type(keys: string): void;
  /** Waits until the terminal has shown it, after what was waited for before. */
  shows(text: string | RegExp): Promise<void>;
  /** All that the terminal has shown. */
  readonly shown: string;
  /** Waits for the end; the exit code. */
  ends(): Promise<number | null>;
  kill(): void;
}

/** Starts a program in a pseudo-terminal of its own. */
export function startAtTerminal(
  command: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): TerminalProgram {
  const started: ChildProcessWithoutNullStreams = spawn(
    'script',
    ['-qefc', `exec ${shellCommand(command)}`, '/dev/null'],
    { ...options, stdio: 'pipe' },
  );
  const ended = once(started, 'exit');
  let shown = '';
  let seen = 0;
  started.stdout.on('data', (chunk: Buffer) => (shown += chunk.toString('latin1')));
  return {
    type: (keys) => void started.stdin.write(keys),
    shows: async (text) => {
      await vi.waitFor(() => {
        const rest = shown.slice(seen);
        const match = typeof text === 'string' ? [text] : (text.exec(rest) ?? []);
        const at = match[0] === undefined ? -1 : rest.indexOf(match[0]);
        expect({ text, isShown: at !== -1, shown: rest }).toMatchObject({ isShown: true });
        seen += at + (match[0]?.length ?? 0);
      }, patience);
    },
    get shown() {
      return shown;
    },
    ends: async () => ((await ended) as [number | null])[0],
    kill: () => void started.kill('SIGKILL'),
  };
}
