import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import type { IncusClient } from '../client.js';
import type { IncusError, IncusResult } from '../incus-error.js';

/** A server to hold against the contract. */
export interface ContractServer {
  readonly client: IncusClient;
  /** Alias of a container image with a shell. */
  readonly image: string;
  /** A directory of the server's machine, readable by all, that holds a file `hello` with the content `from the host`. */
  readonly hostDirectory: string;
  close(): Promise<void>;
}

/** Gives the server, and may be called once per group of tests. */
export type ConnectToServer = () => Promise<ContractServer>;

/** A name no other test uses. */
export function freshName(): string {
  return `contract-${randomBytes(5).toString('hex')}`;
}

/** The value of a call that must succeed. */
export function valueOf<T>(result: IncusResult<T>): T {
  if (!result.ok) expect.fail(`it should succeed: ${JSON.stringify(result.error)}`);
  return result.value;
}

/** The error of a call that must fail. */
export function errorOf(result: IncusResult<unknown>): IncusError {
  if (result.ok) expect.fail(`it should fail: ${JSON.stringify(result.value)}`);
  return result.error;
}

/** Creates an instance of the server's image, with devices if wanted, and starts it. */
export async function startInstance(
  { client, image }: ContractServer,
  name: string,
  devices: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
): Promise<void> {
  const { fingerprint } = valueOf(await client.images.getAlias(image));
  valueOf(await client.instances.create({ name, type: 'container', fingerprint, devices }));
  valueOf(await client.instances.setState(name, { action: 'start' }));
}
