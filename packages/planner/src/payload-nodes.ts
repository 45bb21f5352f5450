import {
  fail,
  ok,
  type Outcome,
  type PayloadConfig,
  type PikaciConfig,
  type PreparePayloadNode,
} from '@pikaci/model';
import { nodeIds } from './node-ids.js';

/** Prepare nodes by payload id, in order of creation: what a payload depends on comes before it. */
export type PayloadNodes = Map<string, PreparePayloadNode>;

/** First part of a payload's device names. */
export function devicePrefixOf(payloadId: string, payload: PayloadConfig): string {
  return payload.devicePrefix ?? payloadId;
}

/** Makes the node of a payload, and before it those of the payloads it depends on, unless they are there. */
export function ensurePayloadNode(
  nodes: PayloadNodes,
  config: PikaciConfig,
  payloadId: string,
  path: readonly string[] = [],
): Outcome<void> {
  if (nodes.has(payloadId)) return ok(undefined);
  const payload = Object.hasOwn(config.payloads, payloadId)
    ? config.payloads[payloadId]
    : undefined;
  if (payload === undefined) {
    return fail('config', `There is no payload "${payloadId}"`, {
      hint: 'Declare it under payloads, or correct the name.',
    });
  }
  if (path.includes(payloadId)) {
    return fail('config', `Payloads depend on each other: ${[...path, payloadId].join(' -> ')}`, {
      hint: 'Take one of the dependencies out.',
    });
  }
  for (const dependency of payload.dependsOn) {
    const made = ensurePayloadNode(nodes, config, dependency, [...path, payloadId]);
    if (!made.ok) return made;
  }
  nodes.set(payloadId, payloadNode(payloadId, payload));
  return ok(undefined);
}

function payloadNode(payloadId: string, payload: PayloadConfig): PreparePayloadNode {
  return {
    kind: 'prepare-payload',
    id: nodeIds.payload(payloadId),
    description: payload.description ?? `Prepare payload ${payloadId}`,
    dependsOn: payload.dependsOn.map((id) => nodeIds.payload(id)),
    payloadId,
    devicePrefix: devicePrefixOf(payloadId, payload),
    payload,
    consumers: { exposures: [], logPaths: [] },
  };
}
