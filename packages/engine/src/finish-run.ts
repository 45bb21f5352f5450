import { describeFailure, formatTimestamp, type Failure, type RunRecord } from '@pikaci/model';
import type { ActiveRun } from './active-run.js';
import { endByForce } from './control/end-by-force.js';
import { reached, thrownFailure } from './guard.js';
import { runVerdict } from './verdict.js';

/**
 * Ends a run: first the verdict, on disk; then what the runtimes still clean up, which can only add to the message;
 * then the last event, with the record as it is on disk.
 */
export async function finishRun(run: ActiveRun, early: Failure | null): Promise<RunRecord> {
  run.state.update({ finishedAt: formatTimestamp(run.ports.clock.now()) });
  await saveVerdict(run, early);
  const faulty = await reached('engine.verdict');
  const closing = await Promise.all([closeRuntimes(run), closeSnapshots(run)]);
  const notes = [
    ...(faulty.ok ? [] : [describeFailure(faulty.error)]),
    ...closing.flat(),
    ...(await closePayloads(run)),
  ];
  if (notes.length > 0) {
    addToMessage(run, notes);
    await run.state.saveRun();
  }
  await run.events.emit({ event: 'run_finished', run: run.state.record });
  const closed = await run.state.close();
  // The record is closed: what is lost in logs can only be told to the caller.
  if (!closed.ok) addToMessage(run, [describeFailure(closed.error)]);
  return run.state.record;
}

async function saveVerdict(run: ActiveRun, early: Failure | null): Promise<void> {
  const before = run.state.storeFailure;
  run.state.update(
    runVerdict({
      jobs: run.state.record.jobs,
      forFailures: jobsForFailures(run),
      early,
      storeFailure: before,
      stopped: run.control.cause,
    }),
  );
  await run.state.saveRun();
  // When this very write was the first to fail, the verdict has become another.
  if (before === null && run.state.storeFailure !== null) await saveVerdict(run, early);
}

function jobsForFailures({ request }: ActiveRun): ReadonlySet<string> {
  const jobs = Object.entries(request.config.jobs);
  return new Set(jobs.filter(([, { when }]) => when === 'failure').map(([id]) => id));
}

async function closeRuntimes(run: ActiveRun): Promise<readonly string[]> {
  const notes = await Promise.all(
    [...run.usedRuntimes].map((runtime) =>
      closePort(run, `the runtime ${runtime.id}`, () => runtime.close()),
    ),
  );
  return notes.flat();
}

function closeSnapshots(run: ActiveRun): Promise<readonly string[]> {
  return closePort(run, 'the snapshot store', async () => {
    await run.ports.snapshots.close();
    return [];
  });
}

/** No job runs any more: what was prepared for them may be collected as garbage. */
function closePayloads(run: ActiveRun): Promise<readonly string[]> {
  return closePort(run, 'the payload store', async () => {
    await run.ports.payloads.close();
    return [];
  });
}

/** Closes something; returns what is to be said of it. A person who has asked to stop at once does not wait for it. */
async function closePort(
  run: ActiveRun,
  what: string,
  close: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  try {
    return await endByForce(run.ports.timer, run.control.force, close(), () => [
      `closing ${what} was not waited for: the next pikaci command removes what is left`,
    ]);
  } catch (thrown) {
    return [describeFailure(thrownFailure(`closing ${what}`, thrown))];
  }
}

function addToMessage(run: ActiveRun, notes: readonly string[]): void {
  const { message } = run.state.record;
  run.state.update({ message: [...(message === null ? [] : [message]), ...notes].join('; ') });
}
