import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How a child process ended. */
export interface ChildEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const jiti = import.meta.resolve('jiti');

/** Loads TypeScript from its source, as the tests themselves do; workspace packages resolve to their sources. */
const starter = `
  const [loader, file, name, argument] = process.argv.slice(1);
  const { createJiti } = await import(loader);
  const module = await createJiti(file).import(file);
  await module[name](JSON.parse(argument));
`;

/**
 * Calls an exported function of a module in a process of its own, which may then be killed, or kill itself.
 *
 * @param argument passed as JSON
 * @param through what starts that process, such as {@link onSmallDisk}; it gets its command behind its own arguments
 */
export function runInChild(
  module: URL,
  name: string,
  argument: unknown,
  through: readonly string[] = [],
): Promise<ChildEnd> {
  const node = [process.execPath, '--conditions=@pikaci/source', '--input-type=module'];
  const args = ['-e', starter, jiti, fileURLToPath(module), name, JSON.stringify(argument)];
  const [program = process.execPath, ...rest] = [...through, ...node, ...args];
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal, stdout, stderr }));
  });
}
