import type { PlannedJob } from '@pikaci/model';
import { guestLayout, reportLimits } from '@pikaci/paths';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { fakeGuest } from './fixtures/fake-guest.js';
import { useFakeIncus } from './fixtures/on-fake-incus.js';
import { guestFiles } from './guest-files.js';

const on = useFakeIncus();

/** Runs a job that leaves files in its working tree, and one among the artifacts. */
function run(files: Readonly<Record<string, string>>, exitCode: number, job: Partial<PlannedJob>) {
  on.fake.onExec(
    fakeGuest(({ exec }) => {
      const put = (path: string, text: string) => {
        const file = exec.instance.files.hostPath(path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
      };
      for (const [path, text] of Object.entries(files)) put(join(guestLayout.work, path), text);
      put(join(guestFiles.artifacts, 'own'), 'longer than any limit');
      return exitCode;
    }),
  );
  return on.run({ job });
}

it.each([
  ['success', 0, ['out/a', 'own']],
  ['success', 3, ['own']],
  ['failure', 0, ['own']],
  ['failure', 3, ['out/a', 'own']],
] as const)(
  'a job keeps the files that are for %s after exit code %d: %j',
  async (artifactsWhen, exitCode, kept) => {
    const files = { 'out/a': 'a', 'out/b': 'b', 'out/c/d': 'd', other: '' };
    const artifacts = ['out', '!out/b', '!out/c/**'];
    const job = await run(files, exitCode, { artifacts, artifactsWhen });
    expect(job.outcome.artifacts).toEqual(kept);
  },
);

it('a job keeps no more of the files it declares than it may', async () => {
  const files = { 'out/a': '123', 'out/b': '12345', 'out/c': '12' };
  const job = await run(files, 0, { artifacts: ['out/*'], artifactsLimitBytes: 5 });
  expect(job.outcome.artifacts).toEqual(['out/a', 'out/c', 'own']);
  expect(job.outcome.notes).toEqual(['out/b left out: artifacts may have 5 bytes together']);
  expect(existsSync(join(job.artifactsDir, 'out/b'))).toBe(false);
});

it.each([
  [0, 'failure'],
  [3, 'success'],
] as const)(
  'a job keeps its reports after exit code %d, though its artifacts are for %s',
  async (exitCode, artifactsWhen) => {
    const job = await run({ 'out/r.xml': '12345', 'out/a': 'a' }, exitCode, {
      artifacts: ['out'],
      artifactsWhen,
      reports: { junit: ['out/*.xml', 'none/*.xml'] },
    });
    expect(job.outcome.artifacts).toEqual(['out/r.xml', 'own']);
    expect(job.outcome.reports).toEqual(['out/r.xml']);
    expect(job.outcome.notes).toEqual([
      'no file matches the report glob "none/*.xml": was the test runner told to write its JUnit report there?',
    ]);
    expect(readFileSync(join(job.artifactsDir, 'out/r.xml'), 'utf8')).toBe('12345');
  },
);

it('a report does not count as an artifact, and may not be larger than reports may', async () => {
  const large = 'x'.repeat(reportLimits.each + 1);
  const job = await run({ 'r.xml': '12345', 'large.xml': large, 'out/a': '12' }, 0, {
    artifacts: ['**'],
    artifactsLimitBytes: 2,
    reports: { junit: ['*.xml'] },
  });
  expect(job.outcome.artifacts).toEqual(['out/a', 'own', 'r.xml']);
  expect(job.outcome.reports).toEqual(['r.xml']);
  expect(job.outcome.notes).toEqual([
    'large.xml left out: reports may have 64MiB each, and 128MiB together',
  ]);
  expect(existsSync(join(job.artifactsDir, 'large.xml'))).toBe(false);
});
