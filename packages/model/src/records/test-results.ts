import { z } from 'zod';

/** A test that failed, as a report tells of it. Texts are cut to a length that suits a record. */
export const failedTestSchema = z.object({
  name: z.string(),
  /** The innermost suite around it; null when that has no name. */
  suite: z.string().nullable().default(null),
  /** What the report has as `classname`: a class, a module or a file, as the test runner likes. */
  className: z.string().nullable().default(null),
  /** As the report has it: relative to the working tree, or to the directory the tests were run in. */
  file: z.string().nullable().default(null),
  line: z.int().positive().nullable().default(null),
  /** An `error` is what the test did not expect, where a test runner makes that difference. */
  kind: z.enum(['failure', 'error']).default('failure'),
  /** The first lines of what the report says of the failure. */
  message: z.string().nullable().default(null),
});
export type FailedTest = z.infer<typeof failedTestSchema>;

/** What the test reports of one attempt of a job say together. */
export const testResultsSchema = z.object({
  /** Report files that were read. */
  reports: z.int().nonnegative(),
  tests: z.int().nonnegative(),
  /** Tests that failed, those with errors aside. */
  failed: z.int().nonnegative(),
  errors: z.int().nonnegative(),
  skipped: z.int().nonnegative(),
  /** As the reports have it; null when they do not tell. */
  seconds: z.number().nonnegative().nullable().default(null),
  /** The first of the tests that failed or had an error, in the order of the reports. */
  failedTests: z.array(failedTestSchema).default([]),
  /** How many more there were. */
  moreFailedTests: z.int().nonnegative().default(0),
});
export type TestResults = z.infer<typeof testResultsSchema>;
