import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { fail, ok, type Outcome, type PlannedService } from '@pikaci/model';
import { serviceHost } from '@pikaci/paths';

/**
 * Where ports are looked for: below those that Linux gives to outgoing connections (32768 unless set otherwise), which
 * come and go.
 */
const firstPort = 20_000;
const lastPort = 32_767;
const mostTries = 100;

/** Ports of services of this process that may not have begun to listen yet. */
const promised = new Set<number>();

/** A port that nobody else in this process is given until it is given back. */
export interface ChosenPort {
  /** Null for a service without one. */
  readonly port: number | null;
  giveBack(): void;
}

const noPort: ChosenPort = { port: null, giveBack: () => undefined };

/**
 * The port of a service: the one that is asked for, if nothing listens there, or a free one.
 *
 * @param isPrivate the service has a network of its own, in which nothing listens yet but the services of its job
 */
export async function choosePort(
  { name, port }: Pick<PlannedService, 'name' | 'port'>,
  isPrivate: boolean,
): Promise<Outcome<ChosenPort>> {
  if (port === null) return ok(noPort);
  if (port === 'auto') return freePort(name);
  if (isPrivate) return ok({ port, giveBack: () => undefined });
  if (promised.has(port)) return taken(name, port);
  promised.add(port);
  const chosen = promise(port);
  if (await isFree(port)) return ok(chosen);
  chosen.giveBack();
  return taken(name, port);
}

async function freePort(name: string): Promise<Outcome<ChosenPort>> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const port = randomInt(firstPort, lastPort + 1);
    if (promised.has(port)) continue;
    promised.add(port);
    const chosen = promise(port);
    if (await isFree(port)) return ok(chosen);
    chosen.giveBack();
  }
  return fail('infrastructure', `There is no free port for service \`${name}\``, {
    reason: `${mostTries} ports between ${firstPort} and ${lastPort} were tried`,
  });
}

function promise(port: number): ChosenPort {
  return { port, giveBack: () => void promised.delete(port) };
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
    reason: `something on this machine listens at ${serviceHost}:${port} already, or will`,
    hint: 'Use `port: auto`, with which the service finds a free port in PORT and the job in PIKACI_SERVICE_<NAME>_PORT; or give the jobs that use this port one `concurrency` group.',
  });
}
