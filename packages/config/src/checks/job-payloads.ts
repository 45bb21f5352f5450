import { runtimeIdSchema, type JobConfig, type PayloadMode, type RuntimeId } from '@pikaci/model';
import type { ConfigPath } from '../config-path.js';

/** One element of a job's list of payloads. */
export interface JobPayloadReference {
  readonly payloadId: string;
  /** Null when the job needs the payload on every runtime. */
  readonly runtime: RuntimeId | null;
  readonly mode: PayloadMode;
  /** Where the payload's id stands. */
  readonly path: ConfigPath;
}

/** The payloads that a job lists, in order. */
export function jobPayloadReferences(jobId: string, job: JobConfig): JobPayloadReference[] {
  return job.payloads.map((listed, index) => {
    const path = ['jobs', jobId, 'payloads', index];
    if (typeof listed === 'string') {
      return { payloadId: listed, runtime: null, mode: 'read-only', path };
    }
    const { payload: payloadId, runtime = null, mode } = listed;
    return { payloadId, runtime, mode, path: [...path, 'payload'] };
  });
}

/**
 * The payloads that a job gets at the same time: those of one runtime, for each runtime. The command line may choose the
 * runtime, so what the job itself says about it does not count.
 */
export function payloadsTogether(jobId: string, job: JobConfig): JobPayloadReference[][] {
  const references = jobPayloadReferences(jobId, job);
  return runtimeIdSchema.options.map((runtime) =>
    references.filter((reference) => reference.runtime === null || reference.runtime === runtime),
  );
}
