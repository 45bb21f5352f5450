import { expect, it } from 'vitest';
import { createPhaseRecorder } from './phase-recorder.js';

it('notes when an operation began and how long it took, also when it fails', async () => {
  let nowMs = 1000;
  const clock = { now: () => new Date(nowMs), monotonicMs: () => nowMs };
  const recorder = createPhaseRecorder(clock, () => undefined);
  await recorder.timed('create', async () => {
    nowMs += 250.25;
  });
  const failing = recorder.timed('start', async () => {
    nowMs += 3;
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(recorder.operations).toEqual([
    { operation: 'create', startedAt: '1970-01-01T00:00:01.000+00:00', durationMs: 250.3 },
    { operation: 'start', startedAt: '1970-01-01T00:00:01.250+00:00', durationMs: 3 },
  ]);
});
