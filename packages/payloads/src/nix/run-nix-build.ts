import { runCommand, type CommandResult } from '@pikaci/host';
import { fail, ok, type Outcome } from '@pikaci/model';
import { cancelledBuild, timedOutBuild } from '../kinds/end-of-build.js';
import type { PayloadLog } from '../payload-log.js';
import { parseNixOutputs } from './parse-nix-outputs.js';

/** One `nix build`. */
export interface NixBuild {
  readonly payloadId: string;
  readonly installable: string;
  readonly impure: boolean;
  /** Absolute path. */
  readonly cwd: string;
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
  /** Ends it without grace. */
  readonly force: AbortSignal;
  readonly log: PayloadLog;
}

/** Far more than the paths of one build. */
const mostPrintedBytes = 1024 * 1024;

/**
 * Builds an installable with the `nix` that is on the PATH, and returns the paths of its outputs. What Nix says goes to
 * the log. Versions before 2.9 cannot print paths as such and are asked for JSON.
 */
export async function runNixBuild(build: NixBuild): Promise<Outcome<readonly string[]>> {
  const first = await run(build, '--print-out-paths');
  if (!first.ok) return first;
  const done = isUnknownFlag(first.value) ? await run(build, '--json') : first;
  if (!done.ok) return done;
  const failed = failureOf(build, done.value.result);
  return failed ?? parseNixOutputs(build.payloadId, done.value.stdout);
}

interface NixEnd {
  readonly result: CommandResult;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(
  { payloadId, installable, impure, cwd, timeoutSeconds, signal, force, log }: NixBuild,
  printing: '--print-out-paths' | '--json',
): Promise<Outcome<NixEnd>> {
  const stdout = keep();
  const stderr = keep();
  const options = ['--accept-flake-config', '--no-link', printing, ...(impure ? ['--impure'] : [])];
  const result = await runCommand({
    command: ['nix', 'build', ...options, installable],
    cwd,
    env: { NIX_CONFIG: nixConfig(process.env['NIX_CONFIG']) },
    extendEnv: true,
    timeoutSeconds,
    signal,
    force,
    onStdout: stdout.add,
    onStderr: (chunk) => {
      stderr.add(chunk);
      log.output(chunk);
    },
  });
  if (result.ok) return ok({ result: result.value, stdout: stdout.text(), stderr: stderr.text() });
  const { kind, reason } = result.error;
  return fail(kind, `Nix could not be started, which builds payload "${payloadId}"`, {
    ...(reason === null ? {} : { reason }),
    hint: 'Install Nix on this machine (https://nixos.org/download, or the package nix-bin), or add the directory of nix to PATH.',
  });
}

/** Flakes are an experiment to Nix, and off unless asked for. */
function nixConfig(present: string | undefined): string {
  return `${present ?? ''}\nextra-experimental-features = nix-command flakes\n`;
}

function isUnknownFlag({ result, stderr }: NixEnd): boolean {
  return result.exitCode !== 0 && /unrecognised flag '--print-out-paths'/.test(stderr);
}

function failureOf(
  { payloadId, timeoutSeconds, log }: NixBuild,
  { ending, exitCode, signal }: CommandResult,
): ReturnType<typeof fail> | null {
  if (ending === 'aborted') return cancelledBuild(payloadId);
  const reason = log.tail() || 'it printed nothing';
  if (ending === 'timed-out') return timedOutBuild(payloadId, timeoutSeconds, reason);
  if (exitCode === 0) return null;
  const how = exitCode === null ? `${signal}` : `exit code ${exitCode}`;
  return fail('payload', `The build of payload "${payloadId}" by Nix failed with ${how}`, {
    reason,
    hint: 'All that Nix said is in host.log of each job that needs the payload. A flake sees the files of the snapshot alone: ignored ones are not in it.',
  });
}

/** Keeps the beginning of what is printed. */
function keep(): { readonly add: (chunk: Uint8Array) => void; readonly text: () => string } {
  const chunks: Uint8Array[] = [];
  let length = 0;
  return {
    add: (chunk) => {
      if (length < mostPrintedBytes) chunks.push(chunk.subarray(0, mostPrintedBytes - length));
      length += chunk.length;
    },
    text: () => Buffer.concat(chunks).toString('utf8'),
  };
}
