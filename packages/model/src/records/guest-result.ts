import { z } from 'zod';
import { recordCodec } from '../codec.js';

/** `artifacts/result.json`, the guest contract: the command completed with exit code 0, or it failed. */
export const guestResultSchema = z.object({
  schemaVersion: z.int().default(1),
  status: z.enum(['completed', 'failed']),
  finishedAt: z.string(),
  message: z.string(),
  exitCode: z.int().nullable(),
});
export type GuestResult = z.infer<typeof guestResultSchema>;

export const guestResultCodec = recordCodec('guest result', guestResultSchema);

/** `artifacts/status.json`: the state of the command in the guest. */
export const guestStatusSchema = z.object({
  schemaVersion: z.int().default(1),
  state: z.enum(['running', 'completed', 'failed']),
  updatedAt: z.string(),
  message: z.string().nullable().default(null),
});
export type GuestStatus = z.infer<typeof guestStatusSchema>;

export const guestStatusCodec = recordCodec('guest status', guestStatusSchema);
