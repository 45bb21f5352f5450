import {
  preparedOutputRecordSchema,
  type PlanNodeRecord,
  type PreparedOutputRecord,
  type PreparedPayload,
  type PreparePayloadNode,
} from '@pikaci/model';

/** The entry of a payload in `prepared-outputs.json`. It repeats what the plan's record says of the node. */
export function preparedOutput(
  node: PreparePayloadNode,
  record: PlanNodeRecord | undefined,
  payload: PreparedPayload,
): PreparedOutputRecord {
  const planned =
    record?.kind === 'prepare' && record.prepare.type === 'nix_build' ? record.prepare : null;
  return preparedOutputRecordSchema.parse({
    nodeId: node.id,
    installable: planned?.installable ?? node.payloadId,
    outputName: planned?.outputName ?? node.payloadId,
    residency: planned?.residency,
    realizedPath: payload.storePath,
    exposures: node.consumers.exposures.map(({ path, access }) => ({ path, access })),
    payload: payload.manifest,
    payloadId: payload.payloadId,
    contentKey: payload.contentKey,
    reused: payload.reused,
  });
}
