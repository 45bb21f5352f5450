import type { JobConfig, PikaciConfig } from '@pikaci/model';
import type { ConfigCheck, ConfigIssue } from '../config-issue.js';
import { distinctIssues, repeats } from './distinct.js';
import { payloadsTogether } from './job-payloads.js';

/** What two payloads of one job must not share, and its value unless the payload sets it. */
const places = [
  { key: 'devicePrefix', otherwise: (payloadId: string) => payloadId },
  { key: 'stageAt', otherwise: (payloadId: string) => `staged/${payloadId}` },
] as const;

/** Payloads of one job have device prefixes and places in the job's directory of their own. */
export const checkPayloadPlaces: ConfigCheck = (config) =>
  distinctIssues(
    Object.entries(config.jobs).flatMap(([jobId, job]) =>
      places.flatMap((place) => sharedPlaces(config, jobId, job, place)),
    ),
  );

function sharedPlaces(
  config: PikaciConfig,
  jobId: string,
  job: JobConfig,
  { key, otherwise }: (typeof places)[number],
): ConfigIssue[] {
  const valueOf = (payloadId: string) => config.payloads[payloadId]?.[key] ?? otherwise(payloadId);
  return payloadsTogether(jobId, job).flatMap((together) => {
    const ids = [...new Set(together.map(({ payloadId }) => payloadId))];
    return repeats(ids, valueOf).map(({ first, again }) => ({
      message: `payloads \`${first}\` and \`${again}\` of job \`${jobId}\` have the same ${key} \`${valueOf(again)}\``,
      path: placeSetBy(config, first, again, key),
      part: 'value' as const,
      hint: `Give one of them another ${key}.`,
    }));
  });
}

/** The payload that sets the place, rather than one that has it by default. */
function placeSetBy(
  config: PikaciConfig,
  first: string,
  again: string,
  key: 'devicePrefix' | 'stageAt',
): ConfigIssue['path'] {
  const setter = config.payloads[again]?.[key] === undefined ? first : again;
  return ['payloads', setter, key];
}
