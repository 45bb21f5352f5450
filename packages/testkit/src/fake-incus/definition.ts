import { existsSync } from 'node:fs';
import { Refusal } from './answer.js';
import type { FakeDefinition } from './fake-instance.js';
import { devicesOf, listOf, textOf, textsOf, type JsonObject } from './json-body.js';
import type { World } from './world.js';

/** The writable part of an instance in a request's body. */
export function definitionOf(body: JsonObject): FakeDefinition {
  return {
    architecture: textOf(body['architecture'], 'x86_64'),
    description: textOf(body['description'], ''),
    ephemeral: body['ephemeral'] === true,
    stateful: body['stateful'] === true,
    profiles: listOf(body['profiles'], ['default']),
    config: textsOf(body['config']),
    devices: devicesOf(body['devices']),
  };
}

/** Refuses names Incus refuses. */
export function checkName(name: string): void {
  const invalid = (why: string): Refusal => new Refusal(400, `Invalid instance name: ${why}`);
  if (name.length < 1 || name.length > 63) throw invalid('Name must be 1-63 characters long');
  if (!/^[A-Za-z0-9-]+$/.test(name))
    throw invalid('Name can only contain alphanumeric and hyphen characters');
  if (/^-|-$/.test(name)) throw invalid('Name must not start or end with "-" character');
}

/** Refuses profiles that do not exist. */
export function checkProfiles(world: World, definition: FakeDefinition): void {
  for (const profile of definition.profiles)
    if (!world.profiles.has(profile))
      throw new Refusal(500, `Requested profile "${profile}" doesn't exist`);
}

/** Refuses disk devices whose source does not exist on the host. */
export function checkDevices(devices: FakeDefinition['devices'], prefix: string): void {
  for (const [name, { type, source, pool, required }] of Object.entries(devices)) {
    const isHostPath = type === 'disk' && source !== undefined && pool === undefined;
    if (isHostPath && required !== 'false' && !existsSync(source)) {
      const why = `Missing source path "${source}" for disk "${name}"`;
      throw new Refusal(500, `${prefix}Failed add validation for device "${name}": ${why}`);
    }
  }
}
