import { planRecordSchema } from '@pikaci/model';
import { describe, expect, it } from 'vitest';
import { planDifference } from './plan-difference.js';

const node = (id: string, command = 'true') => ({
  kind: 'execute',
  id: `execute-${id}`,
  description: id,
  executor: 'host_local',
  execute: { type: 'host_command', command, timeoutSecs: 1, writableWorkspace: true },
});
const plan = (nodes: readonly unknown[], changes: object = {}) =>
  planRecordSchema.parse({
    schemaVersion: 1,
    runId: 'r',
    createdAt: 'now',
    scope: 's',
    nodes,
    ...changes,
  });

describe('planDifference', () => {
  it('is none for equal plans', () => {
    expect(planDifference(plan([node('a')]), plan([node('a')]))).toBeNull();
  });

  it('names nodes that came, went or changed, and what of them', () => {
    const before = plan([node('a'), node('b')], { snapshotHash: '1' });
    const after = plan([node('a', 'false'), node('c')], { snapshotHash: '2' });
    expect(planDifference(before, after)).toBe(
      'execute-b is gone; execute-c is new; execute-a: execute.command; the plan: snapshot_hash',
    );
  });

  it('is short, whatever differs, and tells another order', () => {
    const many = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => node(id));
    expect(planDifference(plan([]), plan(many))).toMatch(/execute-d is new; and 2 more$/u);
    expect(planDifference(plan(many), plan(many.toReversed()))).toBe(
      'the order of its nodes is another',
    );
  });
});
