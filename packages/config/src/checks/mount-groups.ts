import type { PikaciConfig } from '@pikaci/model';
import { payloadsTogether } from './job-payloads.js';
import { mountsOfPayload, type DeclaredMount } from './mount-list.js';

/** Mounts that are made together: those of one payload, or all those of one job on one runtime. */
export function mountGroups(config: PikaciConfig): DeclaredMount[][] {
  const ofPayloads = Object.keys(config.payloads).map((id) => mountsOfPayload(config, id));
  const ofJobs = Object.entries(config.jobs).flatMap(([jobId, job]) =>
    payloadsTogether(jobId, job).map((together) => {
      // A payload that is listed twice is another check's business.
      const ids = new Set(together.map(({ payloadId }) => payloadId));
      return [...ids].flatMap((id) => mountsOfPayload(config, id));
    }),
  );
  return [...ofPayloads, ...ofJobs];
}
