import type { Device, Devices } from '@pikaci/incus-client';
import { serviceHost } from '@pikaci/paths';
import type { ServicePlan } from './service-plan.js';
import { socketPath } from './socket-directory.js';

/** The name of the device that leads to a service: those of payloads and the snapshot begin otherwise. */
const proxyName = (index: number): string => `ps-${index}`;

/**
 * The devices by which a job reaches its services without any network: what connects to a port of its own loopback comes
 * out of a socket of the host, and from there at the service's.
 */
export function proxiesOfJob(plans: readonly ServicePlan[], directory: string): Devices {
  return Object.fromEntries(
    plans.flatMap(({ port }, index) => {
      if (port === null) return [];
      const device: Device = {
        type: 'proxy',
        bind: 'instance',
        listen: `tcp:${serviceHost}:${port}`,
        connect: `unix:${socketPath(directory, index)}`,
      };
      return [[proxyName(index), device]];
    }),
  );
}

/** The device of a service's instance that carries what comes to its socket to its port. */
export function proxyOfService(
  { port }: Pick<ServicePlan, 'port'>,
  index: number,
  directory: string,
): Devices {
  if (port === null) return {};
  const device: Device = {
    type: 'proxy',
    bind: 'host',
    listen: `unix:${socketPath(directory, index)}`,
    connect: `tcp:${serviceHost}:${port}`,
    mode: '0600',
  };
  return { [proxyName(index)]: device };
}
