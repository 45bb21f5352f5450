import type { IncusClient, InstanceSpec } from '@pikaci/incus-client';
import { failure, ok, type Outcome } from '@pikaci/model';
import { incusFailure, type IncusPlace } from './incus-failure.js';
import type { PhaseRecorder } from './phase-recorder.js';

/** How long a virtual machine may take until its agent answers, and how often it is asked, in ms. */
const agentDeadlineMs = 120_000;
const agentDelaysMs = [25, 50, 100, 200, 500];

/** What starting an instance needs. */
export interface StartRequest {
  readonly client: IncusClient;
  readonly spec: InstanceSpec;
  readonly place: IncusPlace;
  readonly recorder: PhaseRecorder;
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Creates the instance with all its devices in one request, and starts it. Neither is given up half-way: an operation
 * nobody waits for would leave an instance behind.
 *
 * @returns the instance's `volatile.uuid`
 */
export async function startInstance(request: StartRequest): Promise<Outcome<string | null>> {
  const { client, spec, place, recorder } = request;
  const created = await recorder.timed('create', () => client.instances.create(spec));
  if (!created.ok) {
    return { ok: false, error: incusFailure('create the instance', created.error, place) };
  }
  const started = await recorder.timed('start', () =>
    client.instances.setState(spec.name, { action: 'start', timeoutSeconds: 60 }),
  );
  if (!started.ok) {
    const explained = await client.instances.explainStartFailure(spec.name);
    const failed = incusFailure('start the instance', started.error, place);
    const lines = explained.ok ? explained.value : [];
    return {
      ok: false,
      error: { ...failed, reason: [failed.reason ?? '', ...lines].join('\n').trim() },
    };
  }
  const read = await recorder.timed('read', () => client.instances.get(spec.name));
  if (!read.ok) return { ok: false, error: incusFailure('read the instance', read.error, place) };
  if (spec.type === 'virtual-machine') {
    const ready = await recorder.timed('wait for the agent', () => agentReady(request));
    if (!ready.ok) return ready;
  }
  return ok(read.value.uuid ?? null);
}

/** A virtual machine runs before its agent does: ask until the agent answers. */
async function agentReady(request: StartRequest): Promise<Outcome<void>> {
  const { client, spec, place, signal } = request;
  let waitedMs = 0;
  for (let turn = 0; waitedMs < agentDeadlineMs && !signal.aborted; turn += 1) {
    const state = await client.instances.getState(spec.name);
    if (state.ok && state.value.processes >= 0) return ok(undefined);
    const delay = agentDelaysMs[Math.min(turn, agentDelaysMs.length - 1)] ?? 500;
    await request.pause(delay, signal);
    waitedMs += delay;
  }
  const message = `The agent of the virtual machine did not answer within ${agentDeadlineMs / 1000}s`;
  const hint = 'The image needs incus-agent. Look at its console: incus console --show-log';
  return {
    ok: false,
    error: failure('infrastructure', message, {
      location: { instance: spec.name, host: place.socket },
      hint,
    }),
  };
}
