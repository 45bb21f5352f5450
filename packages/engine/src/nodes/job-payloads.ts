import { fail, ok, type ExecuteNode, type Outcome, type PreparedPayload } from '@pikaci/model';
import type { PlannedRun } from '../active-run.js';

/** The prepared payloads of a job, in the order of its staged mounts; they are found by device prefix. */
export function jobPayloads(
  run: PlannedRun,
  node: ExecuteNode,
): Outcome<readonly PreparedPayload[]> {
  const byPrefix = new Map<string, PreparedPayload>();
  for (const id of node.dependsOn) {
    const dependency = run.nodes.get(id);
    if (dependency?.kind !== 'prepare-payload') continue;
    const payload = run.prepared.get(dependency.payloadId);
    if (payload !== undefined) byPrefix.set(dependency.devicePrefix, payload);
  }
  const payloads: PreparedPayload[] = [];
  for (const { devicePrefix } of node.job.hostContext.stagedPayloadMounts) {
    const payload = byPrefix.get(devicePrefix);
    if (payload === undefined) {
      const message = `No payload was prepared for \`${devicePrefix}\` of job \`${node.job.id}\``;
      return fail('internal', message, { location: { nodeId: node.id } });
    }
    payloads.push(payload);
  }
  return ok(payloads);
}
