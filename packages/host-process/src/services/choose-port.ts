import {
  acquireLock,
  findDeadLocks,
  privateDirectory,
  releaseDeadLock,
  runtimeDirectory,
} from '@pikaci/host';
import { fail, ok, type Outcome, type PlannedService } from '@pikaci/model';
import { serviceHost } from '@pikaci/paths';
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';

/**
 * Where ports are looked for: below those that Linux gives to outgoing connections (32768 unless set otherwise), which
 * come and go.
 */
const firstPort = 20_000;
const lastPort = 32_767;
const mostTries = 100;

/** How the names of the files begin by which ports are claimed. */
const claimPrefix = 'port-';

/** A port that no other service of this user on this machine is given until it is given back. */
export interface ChosenPort {
  /** Null for a service without one. */
  readonly port: number | null;
  giveBack(): Promise<void>;
}

/** Where it is decided who gets a port. */
export interface PortChoice {
  /** The service has a network of its own, in which nothing listens but the services of its job. */
  readonly isPrivate: boolean;
  readonly environment: NodeJS.ProcessEnv;
}

const unclaimed = { giveBack: () => Promise.resolve() };

/** The port of a service: the one that is asked for, if nobody has it, or a free one. */
export async function choosePort(
  { name, port }: Pick<PlannedService, 'name' | 'port'>,
  { isPrivate, environment }: PortChoice,
): Promise<Outcome<ChosenPort>> {
  if (port === null) return ok({ ...unclaimed, port });
  if (isPrivate && port !== 'auto') return ok({ ...unclaimed, port });
  const directory = await claimsDirectory(environment);
  if (!directory.ok) return directory;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const candidate = port === 'auto' ? randomInt(firstPort, lastPort + 1) : port;
    const claimed = await claim(directory.value, candidate);
    if (!claimed.ok) return claimed;
    if (claimed.value !== null) return ok(claimed.value);
    if (port !== 'auto') return taken(name, port);
  }
  return fail('infrastructure', `There is no free port for service \`${name}\``, {
    reason: `${mostTries} ports between ${firstPort} and ${lastPort} were tried`,
  });
}

/** Made for this user alone, and rid of the claims of processes that were killed. */
async function claimsDirectory(environment: NodeJS.ProcessEnv): Promise<Outcome<string>> {
  const uid = process.getuid?.() ?? null;
  const parent = runtimeDirectory(environment, uid);
  const directory = join(parent, 'ports');
  for (const path of [parent, directory]) {
    const made = await privateDirectory(path, uid);
    if (!made.ok) return made;
  }
  for (const dead of await findDeadLocks(directory, claimPrefix)) await releaseDeadLock(dead);
  return ok(directory);
}

/** Null when somebody has the port. A claim is what other services go by before this one listens. */
async function claim(directory: string, port: number): Promise<Outcome<ChosenPort | null>> {
  const held = new AbortController();
  const lock = await acquireLock(join(directory, `${claimPrefix}${port}`), {
    signal: held.signal,
    onWait: () => {
      held.abort();
    },
  });
  if (!lock.ok) return held.signal.aborted ? ok(null) : lock;
  const giveBack = async (): Promise<void> => {
    // One that cannot be given back is free when this process has ended.
    await lock.value.release();
  };
  if (await isFree(port)) return ok({ port, giveBack });
  await giveBack();
  return ok(null);
}

/** Finds out by listening. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: serviceHost, exclusive: true }, () => {
      server.close(() => resolve(true));
    });
  });
}

function taken(name: string, port: number): Outcome<never> {
  return fail('infrastructure', `Port ${port} of service \`${name}\` is taken`, {
    reason: `something on this machine listens at ${serviceHost}:${port}, or another job is about to`,
    hint: 'Use `port: auto`, with which the service finds a free port in PORT and the job in PIKACI_SERVICE_<NAME>_PORT; or give the jobs that use this port one `concurrency` group.',
  });
}
