import { join } from 'node:path';
import { writeFileAtomically } from '@pikaci/host';
import { describeFailure, guestContractFiles } from '@pikaci/model';
import type { JobVerdict } from './job-verdict.js';

/** When the command's life began and ended. */
export interface JobSpan {
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

/** Writes what a guest would leave behind: result, state and lifecycle of the command. Returns what went wrong. */
export async function writeResultFiles(
  artifactsDir: string,
  { failure, exitCode, message }: JobVerdict,
  span: JobSpan,
): Promise<readonly string[]> {
  const notes: string[] = [];
  const end = { passed: failure === null, exitCode, message, ...span };
  for (const { name, text } of guestContractFiles(end)) {
    const written = await writeFileAtomically(join(artifactsDir, name), text);
    if (!written.ok) notes.push(describeFailure(written.error));
  }
  return notes;
}
