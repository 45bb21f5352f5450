import { runCommand } from './run-command.js';

export interface DieRequest {
  readonly script: string;
  readonly cwd: string;
  readonly marks: Readonly<Record<string, string>>;
}

/** Runs a command, and kills this very process when the command has printed a line. */
export async function dieWithCommand({ script, cwd, marks }: DieRequest): Promise<void> {
  await runCommand({
    command: ['/bin/sh', '-c', script],
    cwd,
    env: { PATH: process.env['PATH'] ?? '', ...marks },
    endWithUs: { marks },
    onStdout: (chunk) => {
      if (chunk.includes(0x0a)) process.kill(process.pid, 'SIGKILL');
    },
  });
}
