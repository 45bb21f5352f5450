import type { JobRecord } from '@pikaci/model';
import { shellCommandVariable } from '@pikaci/paths';
import { neutraliseLine } from '@pikaci/report';

/** More of a command than this says nothing in a line. */
const longestCommand = 100;

/** The line before a shell: whose place it is, what ran there, how to run it again, and how to leave. */
export function shellHeading(
  { id, exitCode, attempt }: JobRecord,
  runId: string,
  jobCommand: string,
  isInteractive: boolean,
): string {
  const which = attempt > 1 ? ` (attempt ${attempt})` : '';
  const end = exitCode === null ? 'ran' : `ended with ${exitCode}:`;
  const heading = `job ${id} of run ${runId}${which} ${end} ${inOneLine(jobCommand)}`;
  if (!isInteractive) return neutraliseLine(heading, false);
  const hint = `sh -c "$${shellCommandVariable}" runs that again; leave with exit or Ctrl-D`;
  return neutraliseLine(`${heading} (${hint})`, false);
}

/** That the services which a job had are not there; null for one that had none. */
export function missingServicesText({ services }: Pick<JobRecord, 'services'>): string | null {
  if (services.length === 0) return null;
  const names = services.map(({ name }) => name).join(', ');
  return `what the job had as services is not started: ${names}`;
}

function inOneLine(command: string): string {
  const [first = '', ...more] = command.trim().split('\n');
  const isWhole = more.length === 0 && first.length <= longestCommand;
  return isWhole ? first : `${first.slice(0, longestCommand)} …`;
}
