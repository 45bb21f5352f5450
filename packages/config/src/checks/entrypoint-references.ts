import type { JobConfig, PikaciConfig } from '@pikaci/model';
import {
  jobCommands,
  literalReferenceHint,
  parseEntrypointReferences,
  type CommandPart,
} from '@pikaci/paths';
import type { ConfigCheck, ConfigIssue } from '../config-issue.js';
import { jobPayloadReferences } from './job-payloads.js';

/**
 * Jobs' commands, and those of their services, refer to payloads that the job has and to entry points that these have. Which runtime a job gets is
 * known only when a run is planned; and a payload without mounts here declares its entry points in its own manifest.
 */
export const checkEntrypointReferences: ConfigCheck = (config) =>
  Object.entries(config.jobs).flatMap(([jobId, job]) =>
    jobCommands(job).flatMap(({ path, text }) =>
      parseEntrypointReferences(text).flatMap((part): ConfigIssue[] => {
        const problem = partProblem(config, jobId, job, part);
        if (problem === null) return [];
        return [{ ...problem, path: ['jobs', jobId, ...path], part: 'value' }];
      }),
    ),
  );

function partProblem(
  config: PikaciConfig,
  jobId: string,
  job: JobConfig,
  part: CommandPart,
): Pick<ConfigIssue, 'message' | 'hint'> | null {
  const where = `the command of job \`${jobId}\``;
  if (part.kind === 'text') return null;
  if (part.kind === 'malformed') {
    return { message: `\`${part.text}\` in ${where} ${part.problem}`, hint: literalReferenceHint };
  }
  const { text, payloadId, name } = part;
  const listed = jobPayloadReferences(jobId, job).map((reference) => reference.payloadId);
  if (!listed.includes(payloadId)) {
    return {
      message: `\`${text}\` in ${where} names a payload that the job does not have`,
      hint: `Add \`${payloadId}\` to the payloads of the job, or correct the name.`,
    };
  }
  const payload = config.payloads[payloadId];
  if (payload?.mounts === undefined) return null;
  const names = payload.entrypoints.map((entrypoint) => entrypoint.name);
  if (names.includes(name)) return null;
  return {
    message: `\`${text}\` in ${where}: payload \`${payloadId}\` has no entry point \`${name}\``,
    hint: names.length === 0 ? 'It declares none.' : `It has: ${names.join(', ')}.`,
  };
}
