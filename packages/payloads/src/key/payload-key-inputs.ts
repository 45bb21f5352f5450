import type { PayloadConfig, PreparedPayload } from '@pikaci/model';
import type { KeyInput } from '@pikaci/model';
import { builderVersion } from './content-key.js';

/** What all payloads depend on, whatever their kind: the builder, the machine's kind, mounts, dependencies. */
export function commonKeyInputs(
  payload: PayloadConfig,
  dependencies: readonly Pick<PreparedPayload, 'payloadId' | 'contentKey'>[],
  platform: string,
): KeyInput[] {
  return [
    { name: 'builder', value: builderVersion },
    { name: 'platform', value: platform },
    { name: 'kind', value: payload.kind },
    // Without mounts in the configuration the build declares them.
    { name: 'mounts', value: payload.mounts === undefined ? 'build' : canonical(payload.mounts) },
    // With mounts of the configuration they are part of the manifest that is kept with the payload.
    ...(payload.entrypoints.length === 0
      ? []
      : [{ name: 'entrypoints', value: canonical(payload.entrypoints) }]),
    ...dependencies.map((dependency, index) => ({
      name: `dependency ${index + 1}`,
      value: `${dependency.payloadId} ${dependency.contentKey}`,
    })),
  ];
}

/** JSON with the keys of all objects in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (item === null || typeof item !== 'object' || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
