import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shellCommand } from '@pikaci/paths';
import { createTerminalScreen, type TerminalScreen } from './terminal-screen.test.helper.js';

/** `script`, of util-linux, runs a program in a pseudo-terminal. */
export const hasTerminals = spawnSync('script', ['--version']).status === 0;

/** A program in a pseudo-terminal, and what it shows. */
export interface PseudoTerminal {
  readonly screen: TerminalScreen;
  /** Resolves when all of these are on the screen at the same time. */
  shows(...texts: readonly (string | RegExp)[]): Promise<void>;
  /** What somebody types. */
  type(keys: string): void;
  /** Makes the window wider or narrower, as a person does: the program gets its SIGWINCH. */
  resize(columns: number, rows: number): void;
  /** Resolves with its exit code when it has ended and all it wrote is on the screen. */
  ended(): Promise<number | null>;
  kill(): void;
}

/** What is run, and where. */
export interface TerminalProgram {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly columns: number;
  readonly rows: number;
  /** A directory for the name of the terminal. */
  readonly directory: string;
}

/** How long is waited for something to be shown. */
const patienceMs = 45_000;

/** Starts a program in a pseudo-terminal of a size. */
export function openTerminal(program: TerminalProgram): PseudoTerminal {
  const { columns, rows, directory } = program;
  const nameFile = join(directory, 'terminal');
  const command = `stty cols ${columns} rows ${rows}; tty >${nameFile}; exec ${shellCommand(program.argv)}`;
  const script = spawn('script', ['-qefc', command, '/dev/null'], {
    cwd: program.cwd,
    env: { ...program.env, SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const screen = createTerminalScreen(columns, rows);
  const listeners = new Set<() => void>();
  let written = Promise.resolve();
  script.stdout.on('data', (chunk: Buffer) => {
    written = written
      .then(() => screen.write(chunk))
      .then(() => listeners.forEach((listener) => listener()));
  });
  const end = new Promise<number | null>((resolve) => {
    script.once('close', (code) => void written.then(() => resolve(code)));
  });

  const shows = (...texts: readonly (string | RegExp)[]) =>
    new Promise<void>((resolve, reject) => {
      const isThere = (text: string | RegExp) =>
        typeof text === 'string' ? screen.text().includes(text) : text.test(screen.text());
      const settle = (then: () => void) => {
        clearTimeout(patience);
        listeners.delete(look);
        then();
      };
      const look = () => {
        if (texts.every(isThere)) settle(resolve);
      };
      const giveUp = (why: string) => {
        const missing = texts.filter((text) => !isThere(text)).map(String);
        const error = new Error(`${why} without showing ${missing.join(', ')}:\n${screen.text()}`);
        settle(() => reject(error));
      };
      const patience = setTimeout(() => giveUp('a long time passed'), patienceMs);
      listeners.add(look);
      look();
      void end.then(() => giveUp('the program ended'));
    });

  return {
    screen,
    shows,
    type: (keys) => void script.stdin.write(keys),
    resize: (newColumns, newRows) => {
      const name = readFileSync(nameFile, 'utf8').trim();
      screen.resize(newColumns, newRows);
      spawnSync('stty', ['-F', name, 'cols', String(newColumns), 'rows', String(newRows)]);
    },
    ended: () => end,
    kill: () => void script.kill('SIGKILL'),
  };
}
