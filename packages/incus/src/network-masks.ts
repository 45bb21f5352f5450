import type { Device, Devices, IncusClient } from '@pikaci/incus-client';
import { ok, type Outcome } from '@pikaci/model';
import { z } from 'zod';
import { incusFailure, type IncusPlace } from './incus-failure.js';

const profileSchema = z.object({
  devices: z.record(z.string(), z.record(z.string(), z.string())),
});

/** Types of devices by which an instance can be reached, or reach others. */
const networkTypes: ReadonlySet<string> = new Set(['nic', 'infiniband', 'proxy']);

/** A device that takes away what a profile has under the same name. */
const nothing: Device = { type: 'none' };

/** Devices that take away everything of the network that profiles give. */
export async function networkMasks(
  client: IncusClient,
  profiles: readonly string[],
  place: IncusPlace,
): Promise<Outcome<Devices>> {
  const masks: Record<string, Device> = {};
  for (const profile of profiles) {
    const path = `/1.0/profiles/${encodeURIComponent(profile)}`;
    const read = await client.get(path, profileSchema);
    if (!read.ok) {
      const doing = `read the profile "${profile}", whose network the job must not have`;
      return { ok: false, error: incusFailure(doing, read.error, place) };
    }
    for (const [name, { type = '' }] of Object.entries(read.value.devices)) {
      if (networkTypes.has(type)) masks[name] = nothing;
    }
  }
  return ok(masks);
}

/**
 * A shell command for the guest that fails when there is any interface but the loopback. What kernels put into every
 * network namespace by themselves leads nowhere until somebody sets it up, which takes another interface.
 */
export const verifyNoNetwork = `for interface in /sys/class/net/*; do
  case \${interface##*/} in
    lo | '*' | tunl0 | gre0 | gretap0 | erspan0 | ip_vti0 | ip6_vti0 | sit0 | ip6tnl0 | ip6gre0 | bonding_masters) ;;
    *) echo "pikaci-setup: the job is to have no network, and there is \${interface##*/}" >&2; exit 97 ;;
  esac
done`;
