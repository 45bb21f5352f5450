import { failure, type Failure } from './failure.js';

/** What shells mean by two exit codes, which say little to those who do not know them. */
const hints = new Map<number | null, string>([
  [126, 'A program could not be started: see its output, and whether the file is executable.'],
  [
    127,
    'A program was not found: its output says which. Have it where the job runs, or mount it as a payload.',
  ],
]);

/** The failure of a job whose command ended by itself with another exit code than 0; null: with an unknown one. */
export function exitFailure(exitCode: number | null): Failure {
  const hint = hints.get(exitCode);
  const message = `exited with ${exitCode ?? 'an unknown status'}`;
  return failure('job', message, hint === undefined ? {} : { hint });
}
