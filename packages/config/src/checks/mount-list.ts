import type { MountConfig, PikaciConfig } from '@pikaci/model';
import type { ConfigPath } from '../config-path.js';

/** A mount that configuration declares, with its place in it. */
export interface DeclaredMount {
  readonly payloadId: string;
  readonly mount: MountConfig;
  readonly path: ConfigPath;
}

/** The mounts that configuration declares for a payload; none for an unknown one. */
export function mountsOfPayload(config: PikaciConfig, payloadId: string): DeclaredMount[] {
  const payload = Object.hasOwn(config.payloads, payloadId)
    ? config.payloads[payloadId]
    : undefined;
  return (payload?.mounts ?? []).map((mount, index) => ({
    payloadId,
    mount,
    path: ['payloads', payloadId, 'mounts', index],
  }));
}

/** All mounts that configuration declares. */
export function declaredMounts(config: PikaciConfig): DeclaredMount[] {
  return Object.keys(config.payloads).flatMap((payloadId) => mountsOfPayload(config, payloadId));
}
