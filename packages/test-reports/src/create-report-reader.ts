import { systemErrorCode } from '@pikaci/host';
import { ok, type ReadReportsRequest, type ReportReader } from '@pikaci/model';
import type { FileHandle } from 'node:fs/promises';
import { CollectedResults } from './collected-results.js';
import { isUnchanged } from './is-unchanged.js';
import { failurePlace, type FailurePlace } from './junit/failure-place.js';
import type { ReadTest } from './junit/read-test.js';
import { openReport } from './open-report.js';
import type { ReadFile } from './read-report-file.js';
import { ReportProblem } from './report-problem.js';
import { treePlace } from './tree-place.js';

/** Most notes on reports; how many more there would be is one of them. */
const mostNotes = 10;
/** Most failed tests that are held of a report until it is read. */
const mostHeld = 100;

/** Reads JUnit reports. */
export function createReportReader(): ReportReader {
  return {
    read: async (request) => {
      const collected = new CollectedResults(request.masker);
      const notes: string[] = [];
      for (const path of request.paths) {
        const note = await readReport(request, path, collected);
        if (note !== null) notes.push(note);
      }
      const more = notes.splice(mostNotes).length;
      if (more > 0) notes.push(`${more} more reports were not read, or not to their end`);
      return ok({ results: collected.results(), notes });
    },
  };
}

/** Reads one report; returns what is to be said of it. */
async function readReport(
  request: ReadReportsRequest,
  path: string,
  collected: CollectedResults,
): Promise<string | null> {
  let file: FileHandle | null = null;
  try {
    file = await openReport(request.dir, path);
    if (await isUnchanged(file, request.snapshotDir, path)) {
      return `the report ${path} was not read: the job did not write it, it is as in the snapshot`;
    }
    return await countAndName(request, path, collected, file);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === null && !(error instanceof ReportProblem)) throw error;
    return `the report ${path} was not read: ${code ?? (error as Error).message}`;
  } finally {
    await file?.close();
  }
}

async function countAndName(
  request: ReadReportsRequest,
  path: string,
  collected: CollectedResults,
  file: FileHandle,
): Promise<string | null> {
  const before = collected.tests;
  const failed: { readonly test: ReadTest; readonly place: FailurePlace }[] = [];
  const onTest = (test: ReadTest): void => {
    collected.countTest(test);
    const isNamed = (test.end === 'failure' || test.end === 'error') && failed.length < mostHeld;
    if (isNamed) failed.push({ test, place: failurePlace(test) });
  };
  // Most runs read no report: the XML parser is loaded by those that do.
  const { readReportFile } = await import('./read-report-file.js');
  const read = await readReportFile(file, onTest, request.signal);
  for (const { test, place } of failed) {
    if (!collected.hasRoom) break;
    const { file: told, line } = place;
    const inTree = told === null ? null : await treePlace(request.snapshotDir, path, told);
    collected.nameTest(test, { file: inTree, line });
  }
  const tests = collected.tests - before;
  if (read.problem === null || tests > 0) collected.countReport(read.seconds);
  return problemNote(path, read, tests);
}

function problemNote(path: string, { problem }: ReadFile, tests: number): string | null {
  if (problem === null) return null;
  return tests === 0
    ? `the report ${path} was not read: ${problem}`
    : `the report ${path} was read in part, ${tests} tests of it: ${problem}`;
}
