import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { recordCodec } from './codec.js';
import { runRecordCodec, runRecordSchema, type RunRecord } from './records/run-record.js';
import { toCamelCaseKeys, toSnakeCaseKeys } from './snake-case.js';

const codec = recordCodec(
  'test record',
  z.object({
    runId: z.string(),
    finishedAt: z.string().nullable().default(null),
    jobs: z.array(z.object({ timeoutSecs: z.int() })).default([]),
  }),
);

describe('recordCodec', () => {
  it('writes snake_case keys at any depth, in the order of the schema, nullables included', () => {
    const encoded = codec.encode({ jobs: [{ timeoutSecs: 1 }], runId: 'r', finishedAt: null });
    expect(JSON.stringify(encoded)).toBe(
      '{"run_id":"r","finished_at":null,"jobs":[{"timeout_secs":1}]}',
    );
  });

  it('reads a record in which nullables and lists are missing, and ignores unknown keys', () => {
    expect(codec.decode({ run_id: 'r', of_a_later_version: 1 }, '/f')).toEqual({
      ok: true,
      value: { runId: 'r', finishedAt: null, jobs: [] },
    });
  });

  it('names the file and what is wrong in a damaged record', () => {
    expect(codec.decode({ run_id: 1 }, '/state/run.json')).toMatchObject({
      ok: false,
      error: {
        kind: 'infrastructure',
        message: 'The test record cannot be read',
        location: { file: '/state/run.json' },
        reason: expect.stringContaining('run_id') as string,
      },
    });
  });
});

describe('the keys of records', () => {
  it('come back as they were, whatever the words', () => {
    const word = fc.stringMatching(/^[a-z]{1,6}$/);
    const key = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join('_'));
    fc.assert(
      fc.property(fc.dictionary(key, fc.dictionary(key, fc.integer())), (record) => {
        expect(toSnakeCaseKeys(toCamelCaseKeys(record))).toEqual(record);
      }),
    );
  });
});

describe('the run record', () => {
  const minimal = {
    run_id: '20260401T101502Z-9f3ab2c4',
    status: 'failed',
    source_root: '/srv/shop',
    snapshot_dir: '',
    created_at: '2026-04-01T10:15:02.118204331+00:00',
    jobs: [],
  };

  it('is read when it was written before there were schema versions', () => {
    const read = runRecordCodec.decode(minimal, '/run.json');
    expect(read).toMatchObject({
      ok: true,
      value: { schemaVersion: 1, gitDirty: null, owner: null },
    });
  });

  it('has every key when it is written, and reads back as it was', () => {
    const record: RunRecord = runRecordSchema.parse(toCamelCaseKeys(minimal));
    const encoded = runRecordCodec.encode(record) as Record<string, unknown>;
    expect(Object.keys(encoded)).toHaveLength(Object.keys(runRecordSchema.shape).length);
    expect(runRecordCodec.decode(encoded, '/run.json')).toEqual({ ok: true, value: record });
  });
});
