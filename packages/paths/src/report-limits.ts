const mebibyte = 1024 * 1024;

/**
 * Most bytes of a job's test reports that are kept and read. One of ten thousand tests, with all they print, has some 50
 * MiB; what is larger costs the engine seconds to read, and is no report any more but output.
 */
export const reportLimits = { of: 'reports', each: 64 * mebibyte, total: 128 * mebibyte } as const;

/** What is said when no file matches a glob of reports: mostly nobody told the test runner to write one. */
export function noReportNote(glob: string): string {
  return `no file matches the report glob "${glob}": was the test runner told to write its JUnit report there?`;
}
