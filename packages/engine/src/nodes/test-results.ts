import {
  describeFailure,
  type ExecuteNode,
  type JobOutcome,
  type TestResults,
} from '@pikaci/model';
import type { PlannedRun } from '../active-run.js';
import { guard } from '../guard.js';
import type { AttemptOutcome } from './job-record.js';

/** Adds what the test reports of an attempt say. The verdict is that of the job's command, whatever they say. */
export async function withTestResults(
  run: PlannedRun,
  { job }: ExecuteNode,
  outcome: JobOutcome,
): Promise<AttemptOutcome> {
  const { force } = run.control;
  if (outcome.reports.length === 0 || force.aborted) return outcome;
  const { artifactsDir, workspaceSnapshotDir } = job.hostContext;
  const read = await guard('reading test reports', () =>
    run.ports.reports.read({
      dir: artifactsDir,
      paths: outcome.reports,
      snapshotDir: workspaceSnapshotDir,
      masker: run.secrets.masker,
      signal: force,
    }),
  );
  if (!read.ok) return { ...outcome, notes: [...outcome.notes, describeFailure(read.error)] };
  const { results, notes } = read.value;
  const unheeded = outcome.verdict === 'passed' ? unheededNotes(results) : [];
  return { ...outcome, testResults: results, notes: [...outcome.notes, ...notes, ...unheeded] };
}

/** A command that hides the failures of its tests, as `npm test || true` does, is told from one that has none. */
function unheededNotes(results: TestResults | null): readonly string[] {
  if (results === null || results.failed + results.errors === 0) return [];
  const failed = results.failed + results.errors;
  return [`the job passed, although ${failed} of ${results.tests} tests failed in its reports`];
}
