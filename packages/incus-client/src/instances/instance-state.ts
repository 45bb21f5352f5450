import { z } from 'zod';

/** What a guest is doing. */
export interface InstanceState {
  readonly status: string;
  readonly statusCode: number;
  /** The guest's first process on the host; 0 when stopped. */
  readonly pid: number;
  /** Processes in the guest; -1 in a VM whose agent does not answer (yet). */
  readonly processes: number;
}

/** Reads an instance's state from the API's JSON. */
export const instanceStateSchema: z.ZodType<InstanceState> = z
  .object({ status: z.string(), status_code: z.number(), pid: z.number(), processes: z.number() })
  .transform(({ status, status_code, pid, processes }) => ({
    status,
    statusCode: status_code,
    pid,
    processes,
  }));
