import {
  fail,
  ok,
  type JobRecord,
  type Outcome,
  type PreparedPayload,
  type RunRecord,
  type RunStore,
  type Runtime,
  type ShellEnd,
} from '@pikaci/model';
import { shellProgram } from '@pikaci/paths';
import { neutraliseLine } from '@pikaci/report';
import { endRunLease, ownLeaseName, takeRunLease } from '@pikaci/store';
import { placesOf } from '../carry-out.js';
import { composeRuntime } from '../compose.js';
import type { Session } from '../session.js';
import type { Workspace } from '../workspace.js';
import { holdPayloads } from './hold-payloads.js';
import { listenForEnd } from './listen-for-end.js';
import { recordedJob, type RecordedJob } from './recorded-job.js';
import { missingServicesText, shellHeading } from './shell-heading.js';
import { shellSecrets } from './shell-secrets.js';

/** A job of a run that a shell is wanted in. */
export interface ShellOfJob {
  readonly workspace: Workspace;
  readonly store: Pick<RunStore, 'readPlan' | 'readPreparedOutputs'>;
  readonly run: RunRecord;
  readonly record: JobRecord;
  /** Program and arguments; null: a shell to type at. */
  readonly command: readonly string[] | null;
}

/** Makes what the job had once more, and has a person in it until the shell ends. Returns its exit code. */
export async function openJobShell(session: Session, of: ShellOfJob): Promise<Outcome<number>> {
  const { workspace, store, run, record } = of;
  const plan = await store.readPlan(run.runId);
  if (!plan.ok) return plan;
  const outputs = await store.readPreparedOutputs(run.runId);
  if (!outputs.ok) return outputs;
  const recorded = await recordedJob(workspace, run, plan.value, record.id);
  if (!recorded.ok) return recorded;
  const { job } = recorded.value;
  const records = { plan: plan.value, outputs: outputs.value };
  const held = await holdPayloads(workspace.stateRoot, run, job, records);
  if (!held.ok) return held;
  try {
    return await underLease(session, of, recorded.value, held.value.payloads);
  } finally {
    await held.value.release();
  }
}

/** The lease keeps the run from being removed, and says where to look should this process be killed. */
async function underLease(
  session: Session,
  of: ShellOfJob,
  recorded: RecordedJob,
  payloads: readonly PreparedPayload[],
): Promise<Outcome<number>> {
  const { workspace, run } = of;
  const { config, stateRoot } = workspace;
  const runtime = composeRuntime(recorded.job.runtime, { workspace, config }, run.runId);
  if (!runtime.ok) return runtime;
  const lease = ownLeaseName(run.runId);
  const places = placesOf({ config, runtimes: [recorded.job.runtime] });
  const taken = await takeRunLease(stateRoot, lease, places);
  if (!taken.ok) return taken;
  const opened = await open(session, of, recorded, payloads, runtime.value);
  const left = [...(opened.ok ? opened.value.left : []), ...(await runtime.value.close())];
  for (const what of left) tell(session, what);
  if (left.length === 0) await endRunLease(stateRoot, lease);
  return opened.ok ? ok(opened.value.exitCode) : opened;
}

async function open(
  session: Session,
  { workspace, run, record, command }: ShellOfJob,
  { job, config, changed }: RecordedJob,
  payloads: readonly PreparedPayload[],
  runtime: Runtime,
): Promise<Outcome<ShellEnd>> {
  const { io } = session;
  const ending = listenForEnd(io.signals);
  try {
    const secrets = await shellSecrets(session, workspace, job, ending.signal);
    if (ending.signal.aborted) return fail('cancelled', 'The shell was not opened');
    if (changed.length > 0) tell(session, changedText(changed));
    const services = missingServicesText(record);
    if (services !== null) tell(session, services);
    return await runtime.openShell({
      runId: run.runId,
      job,
      payloads,
      attempt: record.attempt,
      secrets,
      command,
      shell: shellProgram(config.shell),
      directory: config.cwd ?? null,
      imageFingerprint: record.remoteLinuxVmExecution?.incusImage?.fingerprint ?? null,
      instance: record.remoteLinuxVmExecution?.instance ?? null,
      terminal: io.openTerminal(),
      signal: ending.signal,
      onNote: (line) => tell(session, line),
      onOpen: (jobCommand) =>
        void io.stderr.write(`${shellHeading(record, run.runId, jobCommand, command === null)}\n`),
    });
  } finally {
    ending.dispose();
  }
}

function changedText(changed: readonly string[]): string {
  return `the configuration of the job has changed since (${changed.join(', ')}): the shell has what the run had`;
}

function tell({ io }: Session, line: string): void {
  io.stderr.write(`${neutraliseLine(line, false)}\n`);
}
