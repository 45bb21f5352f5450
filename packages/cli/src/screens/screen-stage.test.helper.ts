import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PikaciConfigInput } from '@pikaci/model';
import { shellCommand } from '@pikaci/paths';
import { createTestWorkspace } from '@pikaci/testkit';
import { bundlePikaci } from '../faults/bundle-pikaci.test.helper.js';
import { createNormaliser, goldenText } from './golden-text.test.helper.js';
import { openTerminal, type PseudoTerminal } from './pseudo-terminal.test.helper.js';

/** A size of a terminal. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A workspace, and terminals in which pikaci is run on it. */
export interface Stage {
  /** A command for jobs that waits until the test opens the gate of that name. */
  readonly waitFor: (gate: string) => string;
  readonly open: (gate: string) => void;
  /** A command for jobs that fails the first time. */
  failOnce(name: string): string;
  config(config: Omit<PikaciConfigInput, 'schemaVersion'>): void;
  write(path: string, content: string): void;
  /** Starts `pikaci` with these arguments. */
  start(
    argv: readonly string[],
    size: Size,
    env?: Readonly<Record<string, string>>,
  ): PseudoTerminal;
  /** Starts it, and resolves when it has ended. */
  run(
    argv: readonly string[],
    size: Size,
    env?: Readonly<Record<string, string>>,
  ): Promise<PseudoTerminal>;
  /** The same, with a pipe between its standard output and the terminal. */
  runPiped(
    argv: readonly string[],
    size: Size,
    env?: Readonly<Record<string, string>>,
  ): Promise<PseudoTerminal>;
  /** What a terminal shows, as a text to keep. */
  golden(terminal: PseudoTerminal): string;
  remove(): void;
}

/** Makes `pikaci` once for all stages. */
export async function createProgram(): Promise<{ readonly path: string; remove(): void }> {
  const directory = mkdtempSync(join(tmpdir(), 'pikaci-screens-'));
  const path = await bundlePikaci(directory, 'pikaci');
  return { path, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** A new workspace, in git, for `program`. */
export function createStage(program: string): Stage {
  // The same length on every machine: it is in what the screens show.
  const root = realpathSync(mkdtempSync('/tmp/pikaci-'));
  const workspace = createTestWorkspace({ git: true, root });
  const aside = realpathSync(mkdtempSync('/tmp/pikaci-'));
  const terminals: PseudoTerminal[] = [];
  const normalise = createNormaliser([root, aside]);
  workspace.write('.gitignore', '.pikaci\n');

  const open = (
    command: readonly string[],
    { columns, rows }: Size,
    env: Readonly<Record<string, string>> = {},
  ) => {
    const terminal = openTerminal({
      argv: command,
      cwd: root,
      env: { ...usualEnv(aside), ...env },
      columns,
      rows,
      directory: aside,
    });
    terminals.push(terminal);
    return terminal;
  };
  const pikaci = [process.execPath, program];
  const start: Stage['start'] = (argv, size, env) => open([...pikaci, ...argv], size, env);
  return {
    waitFor: (gate) => `until [ -e ${join(aside, gate)} ]; do sleep 0.02; done`,
    open: (gate) => writeFileSync(join(aside, gate), ''),
    failOnce: (name) => {
      const file = join(aside, name);
      return `test -e ${file} || { touch ${file}; echo "no luck"; exit 1; }`;
    },
    config: (config) => {
      const text = JSON.stringify({ schemaVersion: 1, ...config });
      workspace.write('pikaci.config.json', text);
      workspace.commit();
    },
    write: (path, content) => workspace.write(path, content),
    start,
    run: async (argv, size, env) => {
      const terminal = start(argv, size, env);
      await terminal.ended();
      return terminal;
    },
    runPiped: async (argv, size, env) => {
      const pipe = `${shellCommand([...pikaci, ...argv])} | cat`;
      const terminal = open(['sh', '-c', pipe], size, env);
      await terminal.ended();
      return terminal;
    },
    golden: ({ screen }) => goldenText(screen.lines(), screen.columns, normalise),
    remove: () => {
      terminals.forEach((terminal) => terminal.kill());
      workspace.remove();
      rmSync(aside, { recursive: true, force: true });
    },
  };
}

/** Nothing of the machine's own settings, and of the service that the test may run in. */
function usualEnv(aside: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: aside,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    PIKACI_RUNTIME_DIR: join(aside, 'runtime'),
  };
}
