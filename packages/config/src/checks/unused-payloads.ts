import type { PikaciConfig } from '@pikaci/model';
import type { ConfigCheck } from '../config-issue.js';
import { withNxSamples } from '../expand/nx-samples.js';
import { jobPayloadReferences } from './job-payloads.js';

/** Payloads that no job needs, directly or through another payload: no error, but hardly meant. */
export const unusedPayloads: ConfigCheck = (config) => {
  const used = usedPayloads(withNxSamples(config).config);
  return Object.keys(config.payloads)
    .filter((id) => !used.has(id))
    .map((id) => ({
      message: `payload \`${id}\` is needed by no job`,
      path: ['payloads', id],
      part: 'key',
    }));
};

function usedPayloads(config: PikaciConfig): ReadonlySet<string> {
  const used = new Set<string>();
  const use = (id: string): void => {
    if (used.has(id)) return;
    used.add(id);
    config.payloads[id]?.dependsOn.forEach(use);
  };
  for (const [jobId, job] of Object.entries(config.jobs)) {
    for (const { payloadId } of jobPayloadReferences(jobId, job)) use(payloadId);
  }
  return used;
}
