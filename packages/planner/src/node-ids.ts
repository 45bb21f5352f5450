/** Ids of plan nodes: those of earlier records. */
export const nodeIds = {
  payload: (payloadId: string) => `prepare-${payloadId}`,
  runtime: (jobId: string) => `prepare-${jobId}-runner`,
  execute: (jobId: string) => `execute-${jobId}`,
} as const;
