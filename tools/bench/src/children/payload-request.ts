import { payloadConfigSchema, type PreparePayloadRequest } from '@pikaci/model';

/** The payloads of the benchmarks; all end as the tree, mounted as a whole. */
const payloads = {
  command: { kind: 'command', run: 'touch "$PIKACI_OUTPUT/done"', inputs: ['**'] },
  directory: { kind: 'directory', source: '.' },
  immutable: { kind: 'directory', source: '.', immutable: true },
} as const;

export type BenchPayload = keyof typeof payloads;

/** A request for a payload made of a snapshot. */
export function payloadRequest(
  payload: BenchPayload,
  snapshot: PreparePayloadRequest['snapshot'],
): PreparePayloadRequest {
  const mounts = [{ name: 'tree', guestPath: '/opt/tree' }];
  return {
    payloadId: payload,
    devicePrefix: payload,
    payload: payloadConfigSchema.parse({ ...payloads[payload], mounts }),
    snapshot,
    dependencies: [],
    onLog: () => undefined,
    signal: new AbortController().signal,
    force: new AbortController().signal,
  };
}
