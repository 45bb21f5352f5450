import { fail, ok, type AdoptedRun, type RunRecord, type RunWriter } from '@pikaci/model';
import { jobRecordOf, runRecordOf } from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import { closeAbandonedRuns, type CloseWorld } from './close-runs.js';

const idOf = (second: number) => `2026030${second}T000001Z-aaaa000${second}`;
const running = (second: number): RunRecord =>
  runRecordOf(
    [jobRecordOf('done', {}), jobRecordOf('begun', { status: 'running', finishedAt: null })],
    { runId: idOf(second), status: 'running', finishedAt: null },
  );

/** A world in which these runs are open and, but for those of `alive`, have lost their processes. */
function worldOf(records: readonly RunRecord[], changes: Partial<CloseWorld> = {}) {
  const deeds: string[] = [];
  const adopted = (record: RunRecord): AdoptedRun => ({
    record,
    events: [],
    writer: {
      close: () => {
        deeds.push(`let go of ${record.runId}`);
        return Promise.resolve(ok(undefined));
      },
    } as unknown as RunWriter,
  });
  const world: CloseWorld = {
    store: {
      adopt: (runId) => {
        const record = records.find((one) => one.runId === runId);
        return Promise.resolve(ok(record === undefined ? null : adopted(record)));
      },
    },
    findOpenRuns: () =>
      Promise.resolve(ok(records.map((record) => ({ runId: record.runId, record: ok(record) })))),
    isOwnerGone: () => true,
    close: ({ record }) => {
      deeds.push(`closed ${record.runId}`);
      const skipped = jobRecordOf('later', { status: 'skipped' });
      const jobs = record.jobs.map((job) => ({ ...job, status: 'failed' as const }));
      return Promise.resolve({ ...record, status: 'failed' as const, jobs: [...jobs, skipped] });
    },
    tellEnd: ({ record }) => {
      deeds.push(`told the end of ${record.runId}`);
      return Promise.resolve();
    },
    removeTemporaryFiles: (runId) => {
      deeds.push(`mended ${runId}`);
      return Promise.resolve();
    },
    ...changes,
  };
  return { world, deeds };
}

describe('closeAbandonedRuns', () => {
  it('closes each run whose process is gone, and counts the jobs that had no end', async () => {
    const { world, deeds } = worldOf([running(1), running(2)]);
    expect(await closeAbandonedRuns(world, null)).toEqual({
      closed: [
        { runId: idOf(1), markedJobs: 2 },
        { runId: idOf(2), markedJobs: 2 },
      ],
      problems: [],
    });
    expect(deeds[0]).toBe(`mended ${idOf(1)}`);
    expect(deeds[1]).toBe(`closed ${idOf(1)}`);
  });

  it('leaves alone the run that is gone on with, and those whose processes live', async () => {
    const { world, deeds } = worldOf([running(1), running(2)], {
      isOwnerGone: ({ runId }) => runId === idOf(1),
    });
    expect((await closeAbandonedRuns(world, idOf(1))).closed).toEqual([]);
    expect(deeds).toEqual([]);
  });

  it('leaves a run to the process that was faster, also one that has closed it already', async () => {
    const open = { runId: idOf(1), record: ok(running(1)) };
    const closedMeanwhile = runRecordOf([], { runId: idOf(1), status: 'failed' });
    const { world, deeds } = worldOf([closedMeanwhile], {
      findOpenRuns: () => Promise.resolve(ok([open, { ...open, runId: idOf(3) }])),
    });
    expect((await closeAbandonedRuns(world, null)).closed).toEqual([]);
    expect(deeds).toEqual([`told the end of ${idOf(1)}`]);
  });

  it('goes on after a run that cannot be read or taken over, and says why', async () => {
    const { world } = worldOf([running(2)], {
      findOpenRuns: () =>
        Promise.resolve(
          ok([
            { runId: idOf(1), record: fail('infrastructure', 'damaged') },
            { runId: idOf(3), record: ok(running(3)) },
            { runId: idOf(2), record: ok(running(2)) },
          ]),
        ),
    });
    const adopt = world.store.adopt;
    const stubborn: CloseWorld = {
      ...world,
      store: {
        adopt: (runId) =>
          runId === idOf(3)
            ? Promise.resolve(fail('infrastructure', 'it is locked'))
            : adopt.call(world.store, runId),
      },
    };
    const { closed, problems } = await closeAbandonedRuns(stubborn, null);
    expect(closed.map(({ runId }) => runId)).toEqual([idOf(2)]);
    expect(problems).toEqual(['it is locked']);
  });
});
