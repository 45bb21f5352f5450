import {
  fail,
  identifierPattern,
  ok,
  planRecordCodec,
  preparedOutputsRecordCodec,
  runEventCodec,
  type Outcome,
  type RunStore,
} from '@pikaci/model';
import { runLayout, type RunLayout } from '@pikaci/paths';
import { adoptRun } from './adopt-run.js';
import { createRun } from './create-run.js';
import { readLines, readRecord } from './read-record.js';
import { listRuns, readRun } from './read-runs.js';
import { leaveRequest } from './request-inbox.js';
import { storeMachine, type StoreMachine } from './store-machine.js';

/** Where the records lie, and the parts of the machine that a test replaces. */
export interface RunStoreOptions extends Partial<StoreMachine> {
  /** Absolute. Made when the first run is created. */
  readonly stateRoot: string;
}

/** The records of all runs under one state root, as files. Reading never writes. */
export function createRunStore(options: RunStoreOptions): RunStore {
  const { stateRoot } = options;
  const machine = storeMachine(options);
  return {
    create: (record) => createRun(stateRoot, machine, record),
    adopt: (runId) => inRun(stateRoot, runId, () => adoptRun(stateRoot, machine, runId)),
    request: (runId, request) => inRun(stateRoot, runId, (layout) => leaveRequest(layout, request)),
    list: () => listRuns(stateRoot),
    read: (reference) => readRun(stateRoot, reference),
    readPlan: (runId) =>
      inRun(stateRoot, runId, async (layout) => {
        const plan = await readRecord(layout.planFile, planRecordCodec);
        if (!plan.ok) return plan;
        return plan.value === null ? noPlan(layout) : ok(plan.value);
      }),
    readPreparedOutputs: (runId) =>
      inRun(stateRoot, runId, (layout) =>
        readRecord(layout.preparedOutputsFile, preparedOutputsRecordCodec),
      ),
    readEvents: (runId) =>
      inRun(stateRoot, runId, (layout) => readLines(layout.eventsFile, runEventCodec)),
  };
}

/** Checks an id before it becomes part of a path. */
async function inRun<T>(
  stateRoot: string,
  runId: string,
  read: (layout: RunLayout) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  if (identifierPattern.test(runId)) return read(runLayout(stateRoot, runId));
  return fail('selection', `${JSON.stringify(runId)} is not a run id`, {
    hint: 'Take the id from `npx pikaci list`.',
  });
}

function noPlan(layout: RunLayout): Outcome<never> {
  return fail('selection', `The run \`${layout.runId}\` has no plan`, {
    location: { file: layout.planFile },
    reason: 'it was skipped, or ended before it could be planned, or does not exist',
    hint: 'See `npx pikaci status` for how it ended.',
  });
}
