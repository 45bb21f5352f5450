import { isNotFound, type Instance } from '@pikaci/incus-client';
import { fail, ok, type Outcome, type ShellEnd, type ShellRequest } from '@pikaci/model';
import { incusFailure } from '../incus-failure.js';
import { jobDevices } from '../job-devices.js';
import { keptUntil, ownerConfig, readMarks } from '../marks.js';
import type { StartJobContext } from '../run-job.js';
import { useShell } from './use-shell.js';

/**
 * Opens a shell in the instance that a job left, if that is kept. As long as the shell is open it belongs to this
 * process, so that it is not removed meanwhile when its time is over; it stays when the shell has ended.
 *
 * @returns null when there is no such instance, or when what was mounted in it is gone with a stop
 */
export async function openKept(
  request: ShellRequest,
  context: Omit<StartJobContext, 'image'>,
): Promise<Outcome<ShellEnd> | null> {
  const { client, place, config, project, owner, stateRoot } = context;
  if (request.instance === null) return null;
  const read = await client.instances.get(request.instance);
  if (!read.ok) {
    if (isNotFound(read.error)) return null;
    const why = incusFailure('read the instance of the job', read.error, place);
    return { ok: false, error: why };
  }
  const until = keptUntil(read.value.config);
  if (until === null || !isOfJob(read.value, request, stateRoot)) return null;
  if (read.value.status !== 'Running') {
    request.onNote(
      `the kept instance ${request.instance} has stopped, and what it had mounted is gone: the shell has a new one`,
    );
    return null;
  }
  const devices = await jobDevices(request, config.instance, project);
  if (!devices.ok) return devices;
  const owned = await client.instances.patch(request.instance, { config: ownerConfig(owner) });
  if (!owned.ok) {
    return { ok: false, error: incusFailure('mark the instance', owned.error, place) };
  }
  if (request.signal.aborted) return fail('cancelled', 'The shell was not opened');
  request.onNote(`in instance ${request.instance}, as the job left it`);
  const { mounts, command: jobCommand } = devices.value;
  const guest = { client, place: { ...place, instance: request.instance }, request };
  const ended = await useShell({ ...guest, mounts, jobCommand });
  request.onNote(
    `instance ${request.instance} stays until ${until}: npx pikaci sweep --kept removes it`,
  );
  return ended.ok ? ok({ exitCode: ended.value, left: [] }) : ended;
}

function isOfJob({ config }: Instance, { runId, job }: ShellRequest, stateRoot: string): boolean {
  const marks = readMarks(config);
  if (marks?.runId !== runId || marks.stateRoot !== stateRoot) return false;
  return 'jobId' in marks.purpose && marks.purpose.jobId === job.id;
}
