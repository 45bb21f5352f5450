import { spawn, type ChildProcess } from 'node:child_process';

/** How to run a program. */
export interface ProgramOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const running = new Set<ChildProcess>();

/** Runs a program to its end and gives what it wrote to standard output. Throws when it fails: no number comes from that. */
export function runProgram(
  command: string,
  args: readonly string[],
  { cwd, env }: ProgramOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      running.delete(child);
      if (code === 0) return resolve(Buffer.concat(stdout).toString('utf8'));
      const how = code === null ? String(signal) : `exit code ${code}`;
      const said = Buffer.concat(stderr).toString('utf8').trim();
      reject(new Error(`${command} ${args.join(' ')}: ${how}: ${said}`));
    });
  });
}

/** Ends the programs that are running, so that nothing is written any more into what is removed next. */
export async function endPrograms(): Promise<void> {
  const ends = [...running].map(
    (child) =>
      new Promise((resolve) => {
        child.once('close', resolve);
        child.kill('SIGKILL');
      }),
  );
  await Promise.all(ends);
}

/** Removes a directory with all that is in it; many times faster than Node does. */
export async function removeDirectory(dir: string): Promise<void> {
  await runProgram('rm', ['-rf', '--', dir]);
}

/** Whether a program can be found and says its version. */
export async function hasProgram(command: string): Promise<boolean> {
  return runProgram(command, ['--version']).then(
    () => true,
    () => false,
  );
}
