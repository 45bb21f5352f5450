import { z } from 'zod';

/** One value of an axis. In commands and names it stands as text. */
export const matrixValueSchema = z.union([z.string().min(1), z.number(), z.boolean()]);
export type MatrixValue = z.infer<typeof matrixValueSchema>;

const combinationSchema = z.record(z.string().min(1), matrixValueSchema);

/** Axes and their values: the job is made once for each combination, with `${matrix:<axis>}` replaced in its texts. */
export const matrixConfigSchema = z
  .object({
    /** Combinations that are made as well, whole. */
    include: z.array(combinationSchema).default([]),
    /** Combinations that are not made: those with all of these values. */
    exclude: z.array(combinationSchema).default([]),
  })
  // Of the two an axis has values alone: TypeScript wants one type for all keys that are not named here.
  .catchall(z.array(z.union([matrixValueSchema, combinationSchema])).min(1));
export type MatrixConfig = z.infer<typeof matrixConfigSchema>;

/** What a job that was made of a matrix has of it. */
export interface MatrixJob {
  /** The id of the job as it is written in the configuration; it stands for all that were made of it. */
  readonly base: string;
  /** The values of the axes, as text. */
  readonly values: Readonly<Record<string, string>>;
}
