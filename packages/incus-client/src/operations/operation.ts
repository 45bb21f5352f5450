import { z } from 'zod';

const wireOperation = z.object({
  id: z.string(),
  description: z.string().default(''),
  status_code: z.number(),
  err: z.string().default(''),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  resources: z.record(z.string(), z.array(z.string())).nullish(),
});

/** A background task of the server. */
export interface Operation {
  readonly id: string;
  /** What it does, in Incus' words. */
  readonly description: string;
  /** 103 running, 200 success, 400 failure, 401 cancelled. The words beside it are not stable; the numbers are. */
  readonly statusCode: number;
  /** Why it failed, else empty. */
  readonly error: string;
  /** What it gives besides its outcome, such as the return code of an exec. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** An operation as the server describes it. */
export const operationSchema: z.ZodType<Operation> = wireOperation.transform((wire) => ({
  id: wire.id,
  description: wire.description,
  statusCode: wire.status_code,
  error: wire.err,
  metadata: wire.metadata ?? {},
}));

/** The numeric codes that matter. */
export const operationStatus = {
  running: 103,
  success: 200,
  failure: 400,
  cancelled: 401,
} as const;
