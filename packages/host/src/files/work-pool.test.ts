import { describe, expect, it } from 'vitest';
import { workThrough } from './work-pool.js';

describe('workThrough', () => {
  it('works on tasks that come up on the way, a bounded number at a time', async () => {
    let running = 0;
    let most = 0;
    const done: number[] = [];
    await workThrough([1], async (task, add) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      if (task < 500) for (const next of [task * 2, task * 2 + 1]) add(next);
      done.push(task);
      running -= 1;
    });
    expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 999 }, (_, i) => i + 1));
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(16);
  });

  it('begins nothing after an error, waits for what runs, and throws the error', async () => {
    let running = 0;
    let begun = 0;
    const tasks = Array.from({ length: 100 }, (_, index) => index);
    const failed = workThrough(tasks, async (task) => {
      begun += 1;
      running += 1;
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      if (task === 99) throw new Error('broken');
    });
    await expect(failed).rejects.toThrow('broken');
    expect(running).toBe(0);
    expect(begun).toBeLessThan(40);
  });

  it('begins nothing after its signal, waits for what runs, and throws why it was raised', async () => {
    const controller = new AbortController();
    let running = 0;
    let begun = 0;
    const work = async (task: number, add: (task: number) => void) => {
      begun += 1;
      running += 1;
      add(task + 1);
      await new Promise((resolve) => setImmediate(resolve));
      if (begun === 100) controller.abort(new Error('enough'));
      running -= 1;
    };
    await expect(workThrough([1], work, controller.signal)).rejects.toThrow('enough');
    expect(running).toBe(0);
    expect(begun).toBeLessThan(120);
  });

  it('is no failure when the signal comes while the last tasks run', async () => {
    const controller = new AbortController();
    const last = () => {
      controller.abort();
      return Promise.resolve();
    };
    await expect(workThrough([1], last, controller.signal)).resolves.toBeUndefined();
  });
});
