import { fail, ok, type Outcome, type Runtime, type RuntimeId } from '@pikaci/model';
import type { PlannedRun } from '../active-run.js';

/** A runtime that a node is about to use; from now on it is closed with the run. */
export function usedRuntime(run: PlannedRun, id: RuntimeId, nodeId: string): Outcome<Runtime> {
  const runtime = run.ports.runtimes.get(id);
  if (runtime === undefined) {
    return fail('internal', `There is no runtime \`${id}\``, { location: { nodeId } });
  }
  run.usedRuntimes.add(runtime);
  return ok(runtime);
}
