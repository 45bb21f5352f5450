import {
  describeIncusError,
  isNotFound,
  type IncusClient,
  type Instance,
} from '@pikaci/incus-client';
import type { KeptPlace, SweepReport, SweepRequest } from '@pikaci/model';
import { keptUntil, readMarks, markKeys } from './marks.js';

/** Instances that are removed at a time: each takes the server half a second of waiting. */
const removalsAtOnce = 8;

/** Whose remains are looked for. */
export interface SweepContext {
  readonly client: IncusClient;
  readonly stateRoot: string;
  /** Name of this machine. */
  readonly host: string;
  readonly now: Date;
}

/** Why an instance is not removed; null when it was. `other`: it is none of ours, or is gone. */
type Swept =
  { readonly removed: string } | { readonly problem: string } | { readonly kept: KeptPlace } | null;

/**
 * Removes the instances of this state root and this machine whose runs nobody goes on with. A list is old as soon as it
 * is made: each instance is read again right before it is removed, and has to be the same one with the same marks.
 */
export async function sweepInstances(
  context: SweepContext,
  request: SweepRequest,
): Promise<SweepReport> {
  const listed = await context.client.instances.list({
    filter: filterFor(context.stateRoot),
    signal: request.signal,
  });
  if (!listed.ok) return { removed: [], problems: [describeIncusError(listed.error)] };
  const left = [...listed.value];
  const swept: Swept[] = [];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      if (request.signal.aborted) return;
      swept.push(await sweepOne(context, request, next));
    }
  };
  await Promise.all(Array.from({ length: removalsAtOnce }, work));
  const kept = swept
    .flatMap((one) => (one !== null && 'kept' in one ? [one.kept] : []))
    .sort((one, other) => (one.what < other.what ? -1 : 1));
  return {
    removed: swept.flatMap((one) => (one !== null && 'removed' in one ? [one.removed] : [])).sort(),
    problems: swept
      .flatMap((one) => (one !== null && 'problem' in one ? [one.problem] : []))
      .sort(),
    ...(kept.length === 0 ? {} : { kept }),
  };
}

/** A path that could end the filter's text is not looked for on the server, but here alone. */
function filterFor(stateRoot: string): string | undefined {
  return /^[\w./-]+$/.test(stateRoot) ? `config.${markKeys.stateRoot} eq ${stateRoot}` : undefined;
}

async function sweepOne(
  context: SweepContext,
  request: SweepRequest,
  listed: Instance,
): Promise<Swept> {
  const keptFirst = keptPlace(context, request, listed);
  if (keptFirst !== null) return { kept: keptFirst };
  if (!(await isAbandoned(context, request, listed))) return null;
  const { client } = context;
  const read = await client.instances.get(listed.name);
  if (!read.ok)
    return isNotFound(read.error) ? null : problem(listed, describeIncusError(read.error));
  const { uuid } = read.value;
  if (uuid === undefined) return problem(listed, 'it has no volatile.uuid to know it by');
  if (uuid !== listed.uuid || !haveSameMarks(read.value, listed)) return null;
  const kept = keptPlace(context, request, read.value);
  if (kept !== null) return { kept };
  if (!(await isAbandoned(context, request, read.value))) return null;
  const removed = await client.instances.remove(listed.name, { uuid, signal: request.signal });
  if (!removed.ok) return problem(listed, describeIncusError(removed.error));
  return { removed: `instance ${listed.name} of run ${read.value.config[markKeys.run] ?? ''}` };
}

function problem({ name }: Instance, why: string): Swept {
  return { problem: `Instance ${name} could not be removed: ${why}` };
}

/** The place of a job, if this is one that is kept, and still is to be. */
function keptPlace(
  { stateRoot, host, now }: SweepContext,
  { removesKept = false }: SweepRequest,
  { name, config }: Instance,
): KeptPlace | null {
  const until = keptUntil(config);
  const marks = readMarks(config);
  if (until === null || removesKept || Date.parse(until) <= now.getTime()) return null;
  if (marks?.stateRoot !== stateRoot || marks.owner.host !== host) return null;
  const { purpose, runId } = marks;
  if (!('jobId' in purpose)) return null;
  return { runId, jobId: purpose.jobId, what: `instance ${name}`, until };
}

async function isAbandoned(
  { stateRoot, host }: SweepContext,
  request: SweepRequest,
  { config }: Instance,
): Promise<boolean> {
  const marks = readMarks(config);
  if (marks === null || marks.stateRoot !== stateRoot || marks.owner.host !== host) return false;
  return request.isAbandoned({ runId: marks.runId, owner: marks.owner });
}

function haveSameMarks(one: Instance, other: Instance): boolean {
  return Object.values(markKeys).every((key) => one.config[key] === other.config[key]);
}
