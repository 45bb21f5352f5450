import { describe, expect, it } from 'vitest';
import { failure } from './failure.js';
import { withLostOutput, type CommandVerdict } from './lost-output.js';

const passed: CommandVerdict = { exitCode: 0, message: 'passed', failure: null };
const full = 'ENOSPC: no space left on device';

describe('withLostOutput', () => {
  it('leaves a job passed whose output is kept', () => {
    expect(withLostOutput(passed, { log: null, artifacts: null })).toBe(passed);
  });

  it.each([
    [{ log: full, artifacts: null }, "the job's output could not be written"],
    [{ log: full, artifacts: 'other' }, "the job's output could not be written"],
    [{ log: null, artifacts: full }, "the job's artifacts could not be kept"],
  ])(
    'makes of a passed job with %j a failure of the machine, with its exit code',
    (lost, message) => {
      expect(withLostOutput(passed, lost)).toMatchObject({
        exitCode: 0,
        message: `${message}: ${full}`,
        failure: { kind: 'infrastructure', message, reason: full },
      });
    },
  );

  it.each(['job', 'timeout', 'cancelled', 'infrastructure'] as const)(
    'leaves a failure of kind %s as it is',
    (kind) => {
      const red = { exitCode: 1, message: 'red', failure: failure(kind, 'red') };
      expect(withLostOutput(red, { log: full, artifacts: full })).toBe(red);
    },
  );
});
