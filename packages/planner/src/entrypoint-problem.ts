import { fail, ok, type JobConfig, type Outcome, type RuntimeId } from '@pikaci/model';
import { jobCommands, literalReferenceHint, parseEntrypointReferences } from '@pikaci/paths';

/** Fails when a job's command has a malformed reference to an entry point, or one of a payload that the job lacks. */
export function entrypointProblem(
  jobId: string,
  job: JobConfig,
  runtime: RuntimeId,
  payloadIds: readonly string[],
): Outcome<void> {
  const parts = jobCommands(job).flatMap(({ text }) => parseEntrypointReferences(text));
  for (const part of parts) {
    if (part.kind === 'malformed') {
      return fail('config', `${part.text} in the command of job "${jobId}" ${part.problem}`, {
        hint: literalReferenceHint,
      });
    }
    if (part.kind === 'text' || payloadIds.includes(part.payloadId)) continue;
    return fail(
      'config',
      `Job "${jobId}" has no payload "${part.payloadId}" on the runtime ${runtime}, and its command has ${part.text}`,
      { hint: 'Let the job have the payload on this runtime too, or run it on another one.' },
    );
  }
  return ok(undefined);
}
