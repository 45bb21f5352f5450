import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { noMasker, type ReadReports, type ReadReportsRequest } from '@pikaci/model';
import { onTestFinished } from 'vitest';
import { createReportReader } from './create-report-reader.js';

/** Reports of a job in a temporary directory, and the snapshot that the job ran on. */
export interface ReportRig {
  readonly dir: string;
  /** Puts a file among the reports, and returns its path. */
  report(path: string, content: string | Uint8Array): string;
  inSnapshot(path: string, content?: string): void;
  read(paths: readonly string[], request?: Partial<ReadReportsRequest>): Promise<ReadReports>;
}

/** Makes a rig that goes when the test ends. */
export function createReportRig(): ReportRig {
  const root = mkdtempSync(join(tmpdir(), 'pikaci-reports-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const [dir, snapshotDir] = [join(root, 'artifacts'), join(root, 'snapshot')];
  mkdirSync(dir);
  mkdirSync(snapshotDir);
  const put = (path: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  };
  return {
    dir,
    report: (path, content) => {
      put(join(dir, path), content);
      return path;
    },
    inSnapshot: (path, content = '') => put(join(snapshotDir, path), content),
    read: async (paths, request = {}) => {
      const { signal } = new AbortController();
      const plain = { dir, paths, snapshotDir, masker: noMasker, signal };
      const read = await createReportReader().read({ ...plain, ...request });
      if (!read.ok) throw new Error(read.error.message);
      return read.value;
    },
  };
}

/** A report as a test runner writes it. */
export function fixture(name: string): string {
  return readFileSync(join(import.meta.dirname, '../fixtures', name), 'utf8');
}

/** A report whose only suite has this in it. */
export function suiteOf(content: string): string {
  return `<testsuites><testsuite name="s">${content}</testsuite></testsuites>`;
}
