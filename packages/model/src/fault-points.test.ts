import { afterEach, describe, expect, it } from 'vitest';
import { handleFaultPoints, reachFaultPoint } from './fault-points.js';

let remove = () => {};
afterEach(() => remove());

describe('reachFaultPoint', () => {
  it('does nothing while nobody handles fault points', async () => {
    await expect(reachFaultPoint('engine.verdict')).resolves.toBeUndefined();
  });

  it('waits for the handler, and rejects with what it throws', async () => {
    const heard: string[] = [];
    remove = handleFaultPoints(async (point) => {
      await Promise.resolve();
      heard.push(point);
      if (point === 'store.record-staged') throw new Error('no space left on device');
    });
    await reachFaultPoint('engine.planned');
    expect(heard).toEqual(['engine.planned']);
    await expect(reachFaultPoint('store.record-staged')).rejects.toThrow('no space left');
  });

  it('hears nothing any more once its handler is taken away', async () => {
    const heard: string[] = [];
    handleFaultPoints((point) => void heard.push(point))();
    await reachFaultPoint('engine.planned');
    expect(heard).toEqual([]);
  });
});
