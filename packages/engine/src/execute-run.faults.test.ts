import { handleFaultPoints, type FaultPoint } from '@pikaci/model';
import { fakePorts, runRequestOf } from '@pikaci/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { layout } from './driven-run.test.helper.js';
import { executeRun } from './execute-run.js';

let stop: () => void = () => undefined;
afterEach(() => stop());

const full = () => Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });

async function execute(fault: FaultPoint, retry = 0) {
  const reached: FaultPoint[] = [];
  stop = handleFaultPoints((point) => {
    reached.push(point);
    if (point === fault) throw full();
  });
  const ports = fakePorts();
  const jobs = { unit: { run: 'x', retry: { infrastructure: retry } } };
  const ended = await executeRun({ ...runRequestOf({ jobs }), layout }, ports);
  if (!ended.ok) throw new Error(ended.error.message);
  return { record: ended.value, reached, ports };
}

describe('executeRun, at its fault points', () => {
  it('reaches them right after the deeds', async () => {
    const { reached } = await execute('incus.created');
    expect(reached).toEqual([
      'engine.planned',
      'engine.node-started',
      'engine.job-recorded',
      'engine.job-ran',
      'engine.job-finished',
      'engine.verdict',
    ]);
  });

  it.each<[FaultPoint, string]>([
    ['engine.planned', 'failed'],
    ['engine.node-started', 'failed'],
    ['engine.job-recorded', 'failed'],
    ['engine.job-ran', 'failed'],
    ['engine.job-finished', 'passed'],
  ])(
    'takes a full disk at %s for the machine’s failure, and the job has %s',
    async (point, status) => {
      const { record, ports } = await execute(point);
      expect(record).toMatchObject({ status: 'failed', failureKind: 'infrastructure' });
      expect(record.jobs).toMatchObject([{ id: 'unit', status }]);
      const terminal = ports.store.runs
        .get(layout.runId)
        ?.jobs.filter((job) => job.status !== 'running');
      expect(terminal).toHaveLength(1);
    },
  );

  it('keeps a verdict that is on disk, and tells of the disk', async () => {
    const { record } = await execute('engine.verdict');
    expect(record.status).toBe('passed');
    expect(record.message).toContain('no space left on device');
  });

  it('tries a job again whose end the disk has lost', async () => {
    const { ports } = await execute('engine.job-ran', 2);
    expect(ports.process.executions).toHaveLength(3);
  });
});
