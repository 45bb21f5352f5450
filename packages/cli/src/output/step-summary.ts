import { appendFile } from 'node:fs/promises';
import { systemFailure } from '@pikaci/host';
import { ok, type Outcome } from '@pikaci/model';
import { githubSummary, type RunDocument } from '@pikaci/report';
import type { Session } from '../session.js';

/** Adds what a run came to to the summary of the step of GitHub Actions; does nothing where there is no such step. */
export async function appendStepSummary(
  session: Session,
  document: RunDocument,
): Promise<Outcome<void>> {
  const file = session.io.env['GITHUB_STEP_SUMMARY'] ?? '';
  if (file === '') return ok(undefined);
  try {
    await appendFile(file, githubSummary(document));
    return ok(undefined);
  } catch (error) {
    return systemFailure(`The summary ${file} cannot be written`, error, file);
  }
}
