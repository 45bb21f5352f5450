import type { FailureKind, JobRecord } from '@pikaci/model';
import { exampleRunId, jobRecordOf, runRecordOf } from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import { nextCommands } from './next-commands.js';

const id = exampleRunId;

describe('nextCommands', () => {
  it('offers the logs and the artifacts of a run that passed', () => {
    const record = runRecordOf([jobRecordOf('unit', { artifacts: ['x'] })]);
    expect(nextCommands({ record, abandoned: false, canBeResumed: false })).toEqual([
      `npx pikaci logs ${id}`,
      `npx pikaci artifacts ${id}`,
    ]);
  });

  it('offers to go on with a run that was broken off, first of all', () => {
    const record = runRecordOf([jobRecordOf('unit', { status: 'failed' })], { status: 'failed' });
    expect(nextCommands({ record, abandoned: false, canBeResumed: true })).toEqual([
      `npx pikaci resume ${id}`,
      `npx pikaci logs ${id} --failed`,
      `npx pikaci run --failed ${id}`,
      `npx pikaci report ${id} --html report.html`,
    ]);
  });

  it('offers a shell in the first job that failed by itself', () => {
    const failed = (id: string, failureKind: FailureKind) =>
      jobRecordOf(id, { status: 'failed', failureKind });
    const offered = (...jobs: JobRecord[]) =>
      nextCommands({
        record: runRecordOf(jobs, { status: 'failed' }),
        abandoned: false,
        canBeResumed: false,
      }).filter((command) => command.includes(' shell '));
    expect(offered(failed('unit', 'job'))).toEqual([`npx pikaci shell ${id}`]);
    expect(offered(failed('slow', 'timeout'))).toEqual([`npx pikaci shell ${id}`]);
    expect(offered(failed('gone', 'infrastructure'), failed('unit', 'job'))).toEqual([
      `npx pikaci shell ${id} --job unit`,
    ]);
    expect(offered(failed('gone', 'infrastructure'), jobRecordOf('fine'))).toEqual([]);
  });

  it('offers to cancel only a run that goes on', () => {
    const record = runRecordOf([], { status: 'running' });
    const cancel = `npx pikaci cancel ${id}`;
    expect(nextCommands({ record, abandoned: false, canBeResumed: false })).toContain(cancel);
    expect(nextCommands({ record, abandoned: true, canBeResumed: true })).not.toContain(cancel);
  });
});
