import { expect, it } from 'vitest';
import { exitFailure } from './exit-failure.js';

it.each([
  [1, 'exited with 1', null],
  [126, 'exited with 126', 'executable'],
  [127, 'exited with 127', 'not found'],
  [null, 'exited with an unknown status', null],
])('says of exit code %j that the job %s', (exitCode, message, hint) => {
  const failed = exitFailure(exitCode);
  expect(failed).toMatchObject({ kind: 'job', message });
  if (hint === null) expect(failed.hint).toBeNull();
  else expect(failed.hint).toContain(hint);
});
