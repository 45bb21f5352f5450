import {
  isImageMissing,
  type IncusClient,
  type IncusError,
  type InstanceSpec,
} from '@pikaci/incus-client';
import {
  err,
  failure,
  ok,
  reachFaultPoint,
  type Failure,
  type Outcome,
  type Result,
} from '@pikaci/model';
import type { IncusPlace } from './incus-failure.js';
import type { PhaseRecorder } from './phase-recorder.js';
import { provisioningFailure, type Provisioning } from './provisioning.js';

/** How often the agent of a virtual machine is asked whether it answers, in ms. */
const agentDelaysMs = [25, 50, 100, 200, 500];

/** What starting an instance needs. */
export interface StartRequest {
  readonly client: IncusClient;
  readonly spec: InstanceSpec;
  readonly place: IncusPlace;
  readonly recorder: PhaseRecorder;
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Aborted: what was begun is finished, but nothing more is waited for. */
  readonly signal: AbortSignal;
  readonly provisioning: Provisioning;
  /** Called when the image turns out to be gone. */
  readonly onImageMissing: () => void;
}

/** An instance that runs. */
export interface StartedInstance {
  /** `volatile.uuid`. */
  readonly uuid: string | null;
  /** Of its first process on the host: another one after a reboot. */
  readonly pid: number | null;
}

/** An instance that could not be started. */
export interface StartFailure {
  readonly failure: Failure;
  /** It may be there, or appear yet, although nobody was told so. */
  readonly mayAppear: boolean;
}

/**
 * Creates the instance with all its devices in one request, and starts it. A request to cancel does not break that off:
 * it takes a moment only, and an operation nobody waits for may leave an instance behind.
 */
export async function startInstance(
  request: StartRequest,
): Promise<Result<StartedInstance, StartFailure>> {
  const { client, spec, recorder, provisioning } = request;
  const limits = callLimits(provisioning);
  const created = await recorder.timed('create', () => client.instances.create(spec, limits));
  if (!created.ok) {
    if (isImageMissing(created.error)) request.onImageMissing();
    return failed(request, 'create the instance', created.error, isOutcomeOpen(created.error));
  }
  await reachFaultPoint('incus.created');
  const started = await recorder.timed('start', () =>
    client.instances.setState(spec.name, { action: 'start', timeoutSeconds: 60 }, limits),
  );
  if (!started.ok) return failed(request, 'start the instance', started.error, false);
  await reachFaultPoint('incus.started');
  const read = await recorder.timed('read', () => client.instances.get(spec.name));
  if (!read.ok) return failed(request, 'read the instance', read.error, false);
  if (spec.type === 'virtual-machine') {
    const ready = await recorder.timed('wait for the agent', () => agentReady(request));
    if (!ready.ok) return err({ failure: ready.error, mayAppear: false });
  }
  const state = await client.instances.getState(spec.name);
  return ok({ uuid: read.value.uuid ?? null, pid: state.ok ? state.value.pid : null });
}

function callLimits({ signal, timeoutSeconds }: Provisioning): {
  signal: AbortSignal;
  timeoutMs: number;
} {
  return { signal, timeoutMs: timeoutSeconds * 1000 };
}

async function failed(
  { client, spec, place, provisioning }: StartRequest,
  step: string,
  error: IncusError,
  mayAppear: boolean,
): Promise<{ readonly ok: false; readonly error: StartFailure }> {
  const failure = provisioningFailure(step, error, place, provisioning);
  const lines = await lowLevelCauses(client, spec.name);
  const reason = [failure.reason ?? '', ...lines].join('\n').trim();
  return { ok: false, error: { failure: { ...failure, reason }, mayAppear } };
}

/** What the low-level log of an instance says of its end; nothing when there is none, or it cannot be read. */
export async function lowLevelCauses(
  client: IncusClient,
  instance: string,
): Promise<readonly string[]> {
  const explained = await client.instances.explainStartFailure(instance, { timeoutMs: 10_000 });
  return explained.ok ? explained.value : [];
}

/** Whether the server may have had the request without our knowing what became of it. */
function isOutcomeOpen(error: IncusError): boolean {
  if (error.kind === 'connection') return error.maybeReceived;
  return error.kind === 'outcome-unknown' || error.kind === 'timeout' || error.kind === 'aborted';
}

/** A virtual machine runs before its agent does: ask until the agent answers. */
async function agentReady(request: StartRequest): Promise<Outcome<void>> {
  const { client, spec, place, signal, provisioning } = request;
  const given = AbortSignal.any([signal, provisioning.signal]);
  let waitedMs = 0;
  const limitMs = provisioning.timeoutSeconds * 1000;
  for (let turn = 0; waitedMs < limitMs && !given.aborted; turn += 1) {
    const state = await client.instances.getState(spec.name);
    if (state.ok && state.value.processes >= 0) return ok(undefined);
    const delay = agentDelaysMs[Math.min(turn, agentDelaysMs.length - 1)] ?? 500;
    await request.pause(delay, given);
    waitedMs += delay;
  }
  const message = `The agent of the virtual machine did not answer within ${provisioning.timeoutSeconds}s`;
  const hint = 'The image needs incus-agent. Look at its console: incus console --show-log';
  const location = { instance: spec.name, host: place.socket };
  return err(failure('infrastructure', message, { location, hint }));
}
