import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runLayout, runsDirectory } from '@pikaci/paths';
import { runRecordOf } from '@pikaci/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  findUnrecordedRuns,
  longestCreationMs,
  removeTemporaryFiles,
  removeUnrecordedRuns,
} from './dead-files.js';
import { findOpenRuns } from './open-runs.js';
import { createRunStore } from './run-store.js';

let stateRoot = '';
beforeEach(() => {
  stateRoot = mkdtempSync(join(tmpdir(), 'pikaci-store-'));
});
afterEach(() => rmSync(stateRoot, { recursive: true }));

const idOf = (second: number) => `2026030${second}T000001Z-aaaa000${second}`;

async function create(second: number, status: 'running' | 'passed'): Promise<void> {
  const record = runRecordOf([], { runId: idOf(second), status });
  const writer = await createRunStore({ stateRoot, repeat: () => () => undefined }).create(record);
  if (writer.ok) await writer.value.close();
}

describe('findOpenRuns', () => {
  it('tells the runs that are not known to have ended: running, empty or zeroed ones', async () => {
    await create(1, 'running');
    await create(2, 'passed');
    await create(3, 'running');
    for (const [second, bytes] of [
      [4, Buffer.alloc(0)],
      [5, Buffer.alloc(4096)],
    ] as const) {
      mkdirSync(runLayout(stateRoot, idOf(second)).runDir, { recursive: true });
      writeFileSync(runLayout(stateRoot, idOf(second)).runFile, bytes);
    }
    const found = await findOpenRuns(stateRoot);
    expect(found.ok && found.value.map(({ runId, record }) => [runId, record.ok])).toEqual([
      [idOf(5), false],
      [idOf(4), false],
      [idOf(3), true],
      [idOf(1), true],
    ]);
  });

  it('finds none where nothing was ever run', async () => {
    expect(await findOpenRuns(join(stateRoot, 'missing'))).toEqual({ ok: true, value: [] });
  });
});

describe('what a killed process leaves of records', () => {
  it('are half-written files, which go without the whole ones', async () => {
    await create(1, 'running');
    const { runDir, jobsDir } = runLayout(stateRoot, idOf(1));
    mkdirSync(join(jobsDir, 'unit'));
    writeFileSync(join(runDir, '.run.json.0123456789ab.tmp'), '{');
    writeFileSync(join(jobsDir, 'unit/.status.json.0123456789ab.tmp'), '{');
    writeFileSync(join(jobsDir, 'unit/.mine.tmp'), '');
    expect(await removeTemporaryFiles(stateRoot, idOf(1))).toBe(2);
    expect(readdirSync(runDir).sort()).toEqual(['jobs', 'run.json']);
    expect(readdirSync(join(jobsDir, 'unit'))).toEqual(['.mine.tmp']);
  });

  it('are half-written results of jobs and of their attempts; files of the jobs themselves stay', async () => {
    await create(1, 'running');
    const job = join(runLayout(stateRoot, idOf(1)).jobsDir, 'unit');
    for (const attempt of [job, join(job, 'attempts/1')]) {
      mkdirSync(join(attempt, 'artifacts'), { recursive: true });
      writeFileSync(join(attempt, '.status.json.0123456789ab.tmp'), '');
      for (const name of ['result.json', 'status.json', 'events.jsonl', 'own.json']) {
        writeFileSync(join(attempt, 'artifacts', `.${name}.123-0123456789ab.tmp`), '');
      }
    }
    expect(await removeTemporaryFiles(stateRoot, idOf(1))).toBe(8);
    for (const attempt of [job, join(job, 'attempts/1')]) {
      expect(readdirSync(join(attempt, 'artifacts'))).toEqual(['.own.json.123-0123456789ab.tmp']);
    }
  });

  it('are directories without a record, told by their age and that nothing else is in them', async () => {
    await create(1, 'running');
    const made = (second: number, files: readonly string[]) => {
      const { runDir, jobsDir } = runLayout(stateRoot, idOf(second));
      mkdirSync(jobsDir, { recursive: true });
      for (const name of files) writeFileSync(join(runDir, name), '');
      utimesSync(runDir, 1, 1);
    };
    made(2, ['.run.json.0123456789ab.tmp']);
    made(3, ['events.jsonl']);
    mkdirSync(join(runsDirectory(stateRoot), idOf(4)));
    const now = new Date();
    expect(await findUnrecordedRuns(stateRoot, now)).toEqual([idOf(2)]);
    const later = new Date(now.getTime() + longestCreationMs + 1000);
    const found = await findUnrecordedRuns(stateRoot, later);
    expect(found).toEqual([idOf(2), idOf(4)]);
    writeFileSync(runLayout(stateRoot, idOf(4)).runFile, '{}');
    expect(await removeUnrecordedRuns(stateRoot, found)).toEqual([idOf(2)]);
    expect(existsSync(runLayout(stateRoot, idOf(4)).runFile)).toBe(true);
  });
});
