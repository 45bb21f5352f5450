import { z } from 'zod';
import { outputVersion, type OutputValue } from './output.js';

/** A line of a log, for programs. */
export const logLineOutputSchema = z.object({
  ...outputVersion,
  job: z.string(),
  /** Of `--attempt`; else null. */
  attempt: z.number().nullable(),
  kind: z.enum(['host', 'guest']),
  /** Null when it is not known, and for pikaci's mark in place of what is left out. */
  stream: z.enum(['stdout', 'stderr', 'host']).nullable(),
  /** When it began to arrive; null when it is not known. */
  time: z.string().nullable(),
  /** Without its end; what is no UTF-8 is replaced. */
  text: z.string(),
  /** False when the text does not end the line: it is very long, or its end never came. */
  isLineEnd: z.boolean(),
});
export type LogLine = OutputValue<typeof logLineOutputSchema>;
