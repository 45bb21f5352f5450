import { z } from 'zod';
import { pikaciConfigSchema } from '../config/pikaci-config.js';
import type { OutputValue } from './output.js';

/** What a first configuration was made of, and what was written. */
export const initOutputSchema = z.object({
  schemaVersion: z.literal(1).default(1),
  found: z.array(
    z.object({
      /** The tool, such as `npm`. */
      id: z.string(),
      files: z.array(z.string()),
      jobs: z.array(z.string()),
    }),
  ),
  /** What the user should know, a sentence each. */
  notes: z.array(z.string()),
  /** Absolute path of the configuration. */
  file: z.string(),
  /** False when nothing was to be written. */
  written: z.boolean(),
  text: z.string(),
  /** Whether the directory of records is kept out of git, or is no matter because there is no repository. */
  gitignore: z.enum(['added', 'to-be-added', 'ignored', 'no-repository']),
});
export type InitReport = OutputValue<typeof initOutputSchema>;

/** The configuration as it is understood. Its keys are those of the file, and so are those beside it but for the version. */
export const configPrintOutputSchema = z.object({
  schema_version: z.literal(1).default(1),
  /** With every default filled in. */
  config: pikaciConfigSchema.extend({
    /** Of the jobs that were made of matrices, what they have of them; absent where there are none. */
    matrixJobs: z
      .record(z.string(), z.object({ base: z.string(), values: z.record(z.string(), z.string()) }))
      .optional(),
  }),
  /** By the path of a setting: a place in the file, a variable, a flag, or `default`. */
  origins: z.record(z.string(), z.string()),
});

/** The schemas that there are. */
export const schemasOutputSchema = z.object({
  schemaVersion: z.literal(1).default(1),
  schemas: z.array(
    z.object({
      name: z.string(),
      /** What `$id` of the schema says. */
      id: z.string(),
      version: z.number(),
      title: z.string(),
      /** Without `pikaci`. */
      printedBy: z.array(z.string()),
      /** Relative to the state root; null: it is no file. */
      file: z.string().nullable(),
    }),
  ),
});
