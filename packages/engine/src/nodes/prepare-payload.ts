import {
  fail,
  ok,
  type Outcome,
  type PreparedPayload,
  type PreparePayloadNode,
} from '@pikaci/model';
import type { PlannedRun } from '../active-run.js';
import { logLine } from '../host-log.js';
import type { NodeResult } from '../scheduler.js';
import { consumerLogs } from './consumer-logs.js';
import { preparedOutput } from './prepared-output.js';
import { timedPrepare, type PrepareResult } from './timed-prepare.js';

/** Prepares a payload and makes it visible in the directory of each job that mounts it. */
export function preparePayload(run: PlannedRun, node: PreparePayloadNode): Promise<NodeResult> {
  const logs = consumerLogs(run, node);
  return timedPrepare(run, node, logs, () => prepareAndExpose(run, node, logs));
}

async function prepareAndExpose(
  run: PlannedRun,
  node: PreparePayloadNode,
  logs: readonly string[],
): Promise<Outcome<PrepareResult>> {
  const prepared = await prepare(run, node, logs);
  if (!prepared.ok) return prepared;
  const payload = prepared.value;
  for (const { path } of node.consumers.exposures) {
    const exposed = await run.ports.payloads.expose(payload, path);
    if (!exposed.ok) return exposed;
  }
  run.prepared.set(node.payloadId, payload);
  await run.state.saveOutputs(preparedOutput(node, run.nodeRecords.get(node.id), payload));
  const how = payload.reused ? 'found' : 'built';
  logLine(run, logs, `payload \`${node.payloadId}\` ${how}: ${payload.storePath}`);
  return ok({ reused: payload.reused, buildMs: payload.buildMs ?? null });
}

async function prepare(
  run: PlannedRun,
  node: PreparePayloadNode,
  logs: readonly string[],
): Promise<Outcome<PreparedPayload>> {
  const dependencies = dependenciesOf(run, node);
  if (!dependencies.ok) return dependencies;
  const masked = run.secrets.masker.stream();
  const print = (bytes: Uint8Array) => {
    if (bytes.length === 0) return;
    for (const path of logs) run.writer.appendLog(path, bytes);
    run.reporter.onPrepareOutput(node.id, bytes);
  };
  const prepared = await run.ports.payloads.prepare({
    payloadId: node.payloadId,
    devicePrefix: node.devicePrefix,
    payload: node.payload,
    snapshot: run.snapshot,
    dependencies: dependencies.value,
    onLog: (chunk) => print(masked.write(chunk)),
    signal: run.control.signal,
    force: run.control.force,
  });
  print(masked.end());
  return prepared;
}

function dependenciesOf(
  run: PlannedRun,
  node: PreparePayloadNode,
): Outcome<readonly PreparedPayload[]> {
  const dependencies: PreparedPayload[] = [];
  for (const id of node.payload.dependsOn) {
    const dependency = run.prepared.get(id);
    if (dependency === undefined) {
      const message = `Payload \`${id}\` was not prepared before \`${node.payloadId}\``;
      return fail('internal', message, { location: { nodeId: node.id } });
    }
    dependencies.push(dependency);
  }
  return ok(dependencies);
}
