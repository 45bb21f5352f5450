import { join } from 'node:path';
import { describeFailure, ok, type ExecuteNode, type JobOutcome } from '@pikaci/model';
import type { PlannedRun } from '../active-run.js';
import { guard } from '../guard.js';

/** Says which artifacts of a job hold secrets: they belong to the job, and nothing is taken out of them. */
export async function withArtifactNotes(
  run: PlannedRun,
  node: ExecuteNode,
  outcome: JobOutcome,
): Promise<JobOutcome> {
  if (outcome.artifacts.length === 0 || run.control.force.aborted) return outcome;
  const { artifactsDir } = node.job.hostContext;
  const byPath = new Map(outcome.artifacts.map((name) => [join(artifactsDir, name), name]));
  const found = await guard('looking for secrets in artifacts', async () =>
    ok(await run.secrets.findIn([...byPath.keys()])),
  );
  const notes = found.ok
    ? found.value.map(
        ({ path, secret }) => `artifact ${byPath.get(path) ?? path} holds the secret ${secret}`,
      )
    : [describeFailure(found.error)];
  return { ...outcome, notes: [...outcome.notes, ...notes] };
}
