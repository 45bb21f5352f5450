import { describe, expect, it } from 'vitest';
import { exitCodeForFailure } from './exit-code.js';
import { describeFailure, failure, failureKinds, formatLocation } from './failure.js';

describe('a failure', () => {
  it('says what happened and, where that is known, why', () => {
    expect(describeFailure(failure('job', 'exited with 3'))).toBe('exited with 3');
    expect(describeFailure(failure('snapshot', 'No snapshot', { reason: 'no git' }))).toBe(
      'No snapshot: no git',
    );
  });

  it.each([
    [{ file: '/a.yaml', line: 3, column: 7 }, '/a.yaml:3:7'],
    [{ file: '/a.yaml', line: 3 }, '/a.yaml:3:1'],
    [{ file: '/a.yaml' }, '/a.yaml'],
    [{ host: 'h', instance: 'i' }, 'i'],
    [{ host: 'h', nodeId: 'n' }, 'n'],
    [{ host: 'h' }, 'h'],
  ])('of %j is at %s', (location, expected) => {
    expect(formatLocation(failure('config', 'x', { location }).location)).toBe(expected);
  });

  it('has no place when none is known', () => {
    expect(formatLocation(failure('config', 'x').location)).toBeNull();
  });
});

describe('exitCodeForFailure', () => {
  it('tells red jobs, usage, infrastructure, time limits and interruptions apart', () => {
    expect(
      Object.fromEntries(failureKinds.map((kind) => [kind, exitCodeForFailure(kind)])),
    ).toEqual({
      config: 2,
      selection: 2,
      snapshot: 3,
      payload: 1,
      infrastructure: 3,
      job: 1,
      timeout: 124,
      cancelled: 130,
      internal: 3,
    });
  });
});
