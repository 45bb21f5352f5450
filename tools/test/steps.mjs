import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs the steps of a test run one after another, and ends the one under way when the user interrupts. */
export function createSteps(cwd) {
  const running = new Set();
  let interrupted = false;
  const interrupt = () => {
    interrupted = true;
    for (const child of running) child.kill('SIGTERM');
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);

  function start(command, args, options) {
    const child = spawn(command, args, { cwd, ...options });
    running.add(child);
    return new Promise((resolve) => {
      child.on('error', (error) => {
        console.error(`${command}: ${error.message}`);
      });
      child.on('close', (code) => {
        running.delete(child);
        resolve(code ?? 1);
      });
    });
  }

  return {
    interrupted: () => interrupted,
    /** Runs a step with its output on the terminal; gives its exit code. */
    run: async (title, command, args, environment = {}) => {
      console.log(`\n== ${title}`);
      const started = performance.now();
      const code = await start(command, args, {
        stdio: ['ignore', 'inherit', 'inherit'],
        env: { ...process.env, ...environment },
      });
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`== ${title}: ${code === 0 ? 'ok' : `exit code ${code}`} (${seconds}s)`);
      return code;
    },
    /** Starts a step beside the others; its output is shown only when it fails. */
    background: async (title, command, args) => {
      const chunks = [];
      const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
      running.add(child);
      child.stdout.on('data', (chunk) => chunks.push(chunk));
      child.stderr.on('data', (chunk) => chunks.push(chunk));
      const code = await new Promise((resolve) => {
        child.on('error', () => resolve(1));
        child.on('close', (status) => resolve(status ?? 1));
      });
      running.delete(child);
      if (code !== 0) console.log(`\n== ${title}: exit code ${code}\n${Buffer.concat(chunks)}`);
      return code;
    },
    /** The standard output of a command that is expected to succeed. */
    capture: async (command, args) => (await promisify(execFile)(command, args, { cwd })).stdout,
    /** Whether a command succeeds; its output is not shown. */
    succeeds: (command, args) =>
      promisify(execFile)(command, args, { cwd }).then(
        () => true,
        () => false,
      ),
  };
}
