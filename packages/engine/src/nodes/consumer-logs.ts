import type { PreparePayloadNode } from '@pikaci/model';
import type { PlannedRun } from '../active-run.js';

/** Host logs of all jobs that wait for a payload: those that mount it, and those that mount one built from it. */
export function consumerLogs(run: PlannedRun, node: PreparePayloadNode): readonly string[] {
  const logs = new Set(node.consumers.logPaths);
  for (const other of run.plan.nodes) {
    if (other.kind !== 'prepare-payload' || !other.dependsOn.includes(node.id)) continue;
    for (const path of consumerLogs(run, other)) logs.add(path);
  }
  return [...logs];
}
