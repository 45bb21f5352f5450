import { currentOwner } from '@pikaci/host';
import {
  fail,
  ok,
  type Outcome,
  type ProcessOwner,
  type RunRecord,
  type RunStore,
} from '@pikaci/model';
import { runRecordOf } from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import { isAbandoned } from './abandoned.js';

const record = (status: RunRecord['status']) => ok(runRecordOf([], { status }));
const { runId } = runRecordOf([], {});

async function judged(read: Outcome<RunRecord>, owner: ProcessOwner | null): Promise<boolean> {
  const store = { read: () => Promise.resolve(read) } as unknown as RunStore;
  return isAbandoned(store, { runId, owner });
}

describe('isAbandoned', () => {
  it('is true for what a run left that has ended, unless its maker lives', async () => {
    const self = await currentOwner();
    const dead = { ...self, startTicks: '0', bootId: 'an earlier boot' };
    expect(await judged(record('failed'), dead)).toBe(true);
    expect(await judged(record('passed'), null)).toBe(true);
    expect(await judged(record('failed'), self)).toBe(false);
  });

  it('is never true for a run that is not closed, nor for one of another machine', async () => {
    const self = await currentOwner();
    expect(await judged(record('running'), { ...self, bootId: 'an earlier boot' })).toBe(false);
    expect(await judged(record('running'), null)).toBe(false);
    expect(await judged(record('failed'), { ...self, host: 'elsewhere' })).toBe(false);
  });

  it('without a record goes by the marks alone, and with a damaged one is false', async () => {
    const dead = { ...(await currentOwner()), startTicks: '0', bootId: 'an earlier boot' };
    const missing = fail('selection', 'There is no such run');
    expect(await judged(missing, dead)).toBe(true);
    expect(await judged(missing, null)).toBe(false);
    expect(await judged(fail('infrastructure', 'damaged'), dead)).toBe(false);
  });
});
