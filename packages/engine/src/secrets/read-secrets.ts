import { ok, type Outcome, type RunPlan } from '@pikaci/model';
import type { ActiveRun } from '../active-run.js';
import { guard } from '../guard.js';

/** Reads the secrets of all planned jobs, each once. A run that lacks one starts nothing. */
export async function readSecrets(run: ActiveRun, plan: RunPlan): Promise<Outcome<void>> {
  const planned = plan.nodes.flatMap((node) => (node.kind === 'execute' ? node.job.secrets : []));
  const names = [...new Set(planned.map(({ secret }) => secret))];
  if (names.length === 0) return ok(undefined);
  const { signal } = run.control;
  const read = await guard('reading the secrets', () => run.ports.secrets.read(names, signal));
  if (!read.ok) return read;
  run.secrets.learn(read.value);
  for (const warning of read.value.warnings) run.reporter.onWarning(warning);
  return ok(undefined);
}
