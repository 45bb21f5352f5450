import { failure, ok, type Outcome, type RunEvent } from '@pikaci/model';
import { ManualClock } from '@pikaci/testkit';
import { expect, it } from 'vitest';
import { EventLog } from './event-log.js';

/** An event log whose writes fail where `fails` says so, with what was written, shown and lost. */
function drivenLog(fails: (write: number) => boolean) {
  const written: number[] = [];
  const shown: number[] = [];
  const lost: string[] = [];
  let writes = 0;
  const log = new EventLog({
    writer: {
      appendEvent: async (event: RunEvent) => {
        if (fails((writes += 1))) {
          return { ok: false, error: failure('infrastructure', 'no space left') };
        }
        written.push(event.sequence);
        return ok(undefined);
      },
    },
    clock: new ManualClock(),
    onEvent: ({ sequence }) => shown.push(sequence),
    mask: (event) => event,
    onLost: ({ message }) => lost.push(message),
  });
  const emit = () =>
    log.emit({ event: 'cancel_requested', runId: 'r', jobId: null, now: false, reason: 'x' });
  return { emit, written, shown, lost };
}

it('tries an event again that could not be written, and calls none lost that was written then', async () => {
  const { emit, written, shown, lost } = drivenLog((write) => write === 2);
  for (let count = 0; count < 3; count += 1) await emit();
  expect(written).toEqual([1, 2, 3]);
  expect(shown).toEqual([1, 2, 3]);
  expect(lost).toEqual([]);
});

it('writes what could not be written before the next event, so that there is no gap', async () => {
  const { emit, written, shown, lost } = drivenLog((write) => write === 2 || write === 3);
  for (let count = 0; count < 3; count += 1) await emit();
  expect(written).toEqual([1, 2, 3]);
  expect(shown).toEqual([1, 2, 3]);
  expect(lost).toEqual(['no space left']);
});

it('shows an event only when it is on disk', async () => {
  let write: (written: Outcome<void>) => void = () => undefined;
  const shown: number[] = [];
  const log = new EventLog({
    writer: { appendEvent: () => new Promise((resolve) => (write = resolve)) },
    clock: new ManualClock(),
    onEvent: ({ sequence }) => shown.push(sequence),
    mask: (event) => event,
    onLost: () => undefined,
  });
  const emitted = log.emit({
    event: 'cancel_requested',
    runId: 'r',
    jobId: null,
    now: false,
    reason: 'x',
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(shown).toEqual([]);
  write(ok(undefined));
  await emitted;
  expect(shown).toEqual([1]);
});
