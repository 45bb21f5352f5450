import { access, constants, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { captureCommand } from '@pikaci/host';
import type { IncusClient } from '@pikaci/incus-client';
import type { CliIo } from '../io.js';

/** What a program answered. */
export interface ProgramAnswer {
  readonly succeeded: boolean;
  /** Standard output and standard error, without white space around them. */
  readonly text: string;
}

/** How the doctor looks at the machine; tests bring their own. Looking changes nothing. */
export interface DoctorProbe {
  readonly nodeVersion: string;
  readonly uid: number | null;
  /** Null when there is no such program. */
  readonly runProgram: (command: readonly string[]) => Promise<ProgramAnswer | null>;
  /** Null when it cannot be read. */
  readonly readText: (path: string) => Promise<string | null>;
  /** Whether a directory can be written to, or, where there is none yet, made. */
  readonly isWritable: (directory: string) => Promise<boolean>;
  /** A path without symbolic links; what does not exist yet is added as it is. */
  readonly canonicalPath: (path: string) => Promise<string>;
  readonly connectIncus: (socketPath: string, project: string) => IncusClient;
}

/** Longest time for a program that only says its version or mounts something, in seconds. */
const programTimeoutSeconds = 10;

/** The probe of the real machine. */
export function machineProbe(
  io: Pick<CliIo, 'uid'>,
  cwd: string,
  connectIncus: DoctorProbe['connectIncus'],
): DoctorProbe {
  return {
    nodeVersion: process.versions.node,
    uid: io.uid,
    runProgram: async (command) => {
      const ran = await captureCommand({ command, cwd, timeoutSeconds: programTimeoutSeconds });
      if (!ran.ok) return null;
      const text = Buffer.concat([ran.value.stdout, ran.value.stderr]).toString().trim();
      return { succeeded: ran.value.exitCode === 0, text };
    },
    readText: (path) => readFile(path, 'utf8').catch(() => null),
    isWritable,
    canonicalPath,
    connectIncus,
  };
}

/** Asks the nearest directory that exists. */
async function isWritable(directory: string): Promise<boolean> {
  for (let path = directory; ; path = dirname(path)) {
    const access = await accessTo(path);
    if (access !== 'missing') return access === 'writable';
    if (path === dirname(path)) return false;
  }
}

async function accessTo(path: string): Promise<'writable' | 'refused' | 'missing'> {
  try {
    await access(path, constants.W_OK | constants.X_OK);
    return 'writable';
  } catch (thrown) {
    const isMissing = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
    return isMissing ? 'missing' : 'refused';
  }
}

async function canonicalPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    if (path === dirname(path)) return path;
    return join(await canonicalPath(dirname(path)), basename(path));
  }
}
