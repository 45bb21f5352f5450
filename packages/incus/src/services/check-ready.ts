import { describeIncusError, type IncusClient } from '@pikaci/incus-client';
import { failedCheckText, type Masker } from '@pikaci/model';
import { isListening } from '@pikaci/paths';

/** A service in its guest, and how to find out whether it can be used. */
export interface CheckedService {
  readonly client: IncusClient;
  readonly instance: string;
  readonly masker: Masker;
  readonly environment: Readonly<Record<string, string>>;
  readonly user: number;
  readonly group: number;
  readonly workingTree: string;
  readonly port: number | null;
  /** Null: something listens at the port. */
  readonly readyCommand: string | null;
}

/** Whether a service can be used; null: it can, else why not. */
export async function checkReady(
  checked: CheckedService,
  signal: AbortSignal,
): Promise<string | null> {
  const { client, instance, environment, user, group, workingTree: cwd, readyCommand } = checked;
  if (readyCommand === null) return checkPort(checked, signal);
  const command = { command: ['sh', '-c', readyCommand], environment, user, group, cwd };
  const ran = await client.execRecorded(instance, command, { signal });
  if (!ran.ok) return `its check could not be run: ${describeIncusError(ran.error)}`;
  const { returnCode, stdout, stderr } = ran.value;
  if (returnCode === 0) return null;
  return failedCheckText(returnCode, Buffer.concat([stdout, stderr]), checked.masker);
}

async function checkPort(
  { client, instance, port }: CheckedService,
  signal: AbortSignal,
): Promise<string | null> {
  if (port === null) return null;
  // Where there is no IPv6, the second file is missing, and the first one is printed all the same.
  const command = { command: ['cat', '/proc/net/tcp', '/proc/net/tcp6'], cwd: '/' };
  const ran = await client.execRecorded(instance, command, { signal });
  if (!ran.ok) return `its guest could not be asked: ${describeIncusError(ran.error)}`;
  return isListening(ran.value.stdout.toString(), port) ? null : `nothing listens at port ${port}`;
}
