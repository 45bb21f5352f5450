import { runRecordOf } from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import {
  currentOwner,
  describeOwner,
  isOwnerGone,
  systemOwnerProbe,
  type OwnerProbe,
} from './owner.js';

const owner = {
  pid: 4711,
  host: 'build1',
  bootId: 'boot-1',
  startTicks: '77',
  heartbeatAt: '2026-03-07T00:00:10.000+00:00',
};
const running = runRecordOf([], { status: 'running', finishedAt: null, owner });
const alive: OwnerProbe = {
  host: 'build1',
  bootId: 'boot-1',
  isAlive: () => true,
  startTicksOf: () => '77',
};
const now = new Date('2026-03-07T00:00:13Z');

describe('isOwnerGone', () => {
  it.each([
    ['a live process of this boot', running, alive, false],
    ['no such process', running, { ...alive, isAlive: () => false }, true],
    ['an earlier boot, whatever has that pid now', running, { ...alive, bootId: 'boot-2' }, true],
    ['a boot that is not known', running, { ...alive, bootId: null }, false],
    ['a later process that has its pid', running, { ...alive, startTicksOf: () => '99' }, true],
    ['a start that is not known', running, { ...alive, startTicksOf: () => null }, false],
    ['another host', running, { ...alive, host: 'build2', isAlive: () => false }, false],
    ['a record without owner', { ...running, owner: null }, alive, false],
    ['a finished run', runRecordOf([], { owner }), { ...alive, isAlive: () => false }, false],
  ])('judges %s', (_what, record, probe, expected) => {
    expect(isOwnerGone(record, probe)).toBe(expected);
  });

  it('sees that this very process lives', () => {
    const mine = { ...currentOwner(), heartbeatAt: owner.heartbeatAt };
    expect(isOwnerGone({ ...running, owner: mine }, systemOwnerProbe())).toBe(false);
  });
});

describe('describeOwner', () => {
  it('tells a live, an abandoned, an unknown and no owner apart', () => {
    expect(describeOwner(running, alive, now)).toBe(
      'process 4711 on build1, last heard of 3 s ago',
    );
    expect(describeOwner(running, { ...alive, isAlive: () => false }, now)).toBe(
      'abandoned: process 4711 on build1 is gone',
    );
    expect(describeOwner({ ...running, owner: null }, alive, now)).toBe('owner unknown');
    expect(describeOwner(runRecordOf([]), alive, now)).toBeNull();
  });
});
