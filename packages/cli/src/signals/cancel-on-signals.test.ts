import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { cancelOnSignals, sameSignalWithinMs } from './cancel-on-signals.js';

function rig() {
  const source = new EventEmitter();
  const heard: string[] = [];
  let nowMs = 1000;
  const cancellation = cancelOnSignals({
    source,
    clock: { monotonicMs: () => nowMs },
    onCancel: (signal) => heard.push(`cancel ${signal}`),
    onForce: () => heard.push('force'),
    onGiveUp: () => heard.push('give up'),
  });
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { source, heard, cancellation, pass };
}

describe('cancelOnSignals', () => {
  it('cancels with the first signal, forces with the second, and gives up with the third', () => {
    const { source, heard, cancellation, pass } = rig();
    expect(cancellation.signal.aborted).toBe(false);
    source.emit('SIGINT');
    expect(cancellation.signal.aborted).toBe(true);
    expect(cancellation.force.aborted).toBe(false);
    pass(sameSignalWithinMs);
    source.emit('SIGTERM');
    source.emit('SIGTERM');
    expect(cancellation.force.aborted).toBe(true);
    pass(sameSignalWithinMs);
    source.emit('SIGINT');
    expect(heard).toEqual(['cancel SIGINT', 'force', 'give up']);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('cancels with %s', (name) => {
    const { source, heard } = rig();
    source.emit(name);
    expect(heard).toEqual([`cancel ${name}`]);
  });

  it('takes a signal that is passed on by a parent for the same one', () => {
    const { source, heard, pass } = rig();
    source.emit('SIGINT');
    pass(3);
    source.emit('SIGINT');
    pass(sameSignalWithinMs - 4);
    source.emit('SIGTERM');
    expect(heard).toEqual(['cancel SIGINT']);
  });

  it('hears nothing after it was disposed of', () => {
    const { source, heard, cancellation } = rig();
    cancellation.dispose();
    source.emit('SIGINT');
    expect(heard).toEqual([]);
    expect(source.eventNames()).toEqual([]);
  });
});
