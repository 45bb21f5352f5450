import { ok, type FailureKind, type RunRecord } from '@pikaci/model';
import { jobRecordOf, runRecordOf } from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import { findRunToResume } from './find-run.js';

const run = (runId: string, status: RunRecord['status'], kind: FailureKind | null = null) =>
  runRecordOf([], { runId, status, failureKind: kind });

function find(records: readonly RunRecord[], reference?: string) {
  const world = {
    store: {
      list: () => Promise.resolve(ok(records.map((record) => ok(record)))),
      read: (id: string) => {
        const record = records.find(({ runId }) => runId === id);
        if (record === undefined) throw new Error('there is none');
        return Promise.resolve(ok(record));
      },
    },
    isOwnerGone: ({ runId }: RunRecord) => runId.startsWith('gone'),
  };
  return findRunToResume(world, reference);
}

describe('findRunToResume', () => {
  it.each([
    ['a run whose process is gone', run('gone', 'running')],
    ['a cancelled one', run('x', 'failed', 'cancelled')],
    ['a closed one', run('x', 'failed', 'infrastructure')],
    [
      'one that a job has failed, and that was broken off as well',
      runRecordOf([jobRecordOf('a', { status: 'failed', failureKind: 'cancelled' })], {
        runId: 'x',
        status: 'failed',
        failureKind: 'job',
      }),
    ],
  ])('finds %s, without its name and by its name', async (_, wanted) => {
    const others = [run('a', 'passed'), run('b', 'running'), run('c', 'failed', 'job')];
    expect(await find([...others, wanted])).toEqual(ok(wanted));
    expect(await find([...others, wanted], wanted.runId)).toEqual(ok(wanted));
  });

  it.each([
    ['goes on', run('a', 'running'), 'The run a goes on'],
    ['passed', run('a', 'passed'), 'There is nothing to go on with in run a'],
    ['failed by its jobs', run('a', 'failed', 'job'), 'There is nothing to go on with in run a'],
  ])('refuses a run that %s, and finds none without a name', async (_, record, message) => {
    expect(await find([record], 'a')).toMatchObject({ ok: false, error: { message } });
    expect(await find([record])).toMatchObject({
      ok: false,
      error: { kind: 'selection', message: 'There is no run to go on with' },
    });
  });
});
