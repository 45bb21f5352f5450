import {
  fail,
  ok,
  type BuildCommand,
  type BuildEnd,
  type Outcome,
  type Result,
} from '@pikaci/model';
import { buildSetupScript, guestLayout, type JobMount } from '@pikaci/paths';
import { followCommand, type FollowProblem } from '../follow-command.js';
import { reconcileOutput } from '../reconcile-output.js';
import { runSetupScript, setUpGuest } from '../set-up-guest.js';
import type { CommandEnding } from '../supervisor-script.js';
import { dependencyRoot } from './build-devices.js';
import { buildMountPlace, guestBuildEnvironment } from './build-environment.js';
import type { GuestBuildContext } from './run-build.js';
import { releaseFiles } from './settle-build.js';
import { createStreamLog } from './stream-log.js';

/** Longer timers fire at once (they are 32-bit numbers). */
const longestTimerMs = 2 ** 31 - 1;

/** As root of the guest: builds install what they need. */
const root = { user: 0, group: 0 };

/** Runs a build's command in its started instance, until its end, its time limit or its cancellation. */
export async function runInGuest(
  context: GuestBuildContext,
  build: BuildCommand,
  mounts: readonly JobMount[],
  instance: string,
): Promise<Outcome<BuildEnd>> {
  const { client, place, pause, owner } = context;
  const ready = await setUpGuest({
    client,
    place: { ...place, instance },
    setupScript: setupScript(build, mounts),
    setupCommand: runSetupScript,
    workingDirectory: guestLayout.work,
    command: build.run,
    ...root,
  });
  if (!ready.ok) return ready;
  const timeout = AbortSignal.timeout(Math.min(build.timeoutSeconds * 1000, longestTimerMs));
  const log = createStreamLog(build.onOutput);
  const followed = await followCommand({
    client,
    instance,
    environment: guestBuildEnvironment(build, mounts),
    ...root,
    log,
    signal: AbortSignal.any([build.signal, timeout]),
    onLog: build.onLog,
    onStarted: () => undefined,
    pause,
  });
  const ending = followed.ok ? followed.value : null;
  for (const note of await reconcileOutput(client, instance, log, ending)) build.onLog(note);
  const kept = await releaseFiles(client, instance, owner);
  if (kept !== null) build.onLog(`the guest could not give its files away: ${kept}`);
  return buildEnd(followed, build.signal.aborted, { payloadId: build.payloadId, instance });
}

function setupScript(
  { dependencies }: Pick<BuildCommand, 'dependencies'>,
  mounts: readonly JobMount[],
): string {
  return buildSetupScript({
    workDir: guestLayout.work,
    protectedDir: null,
    writableDirs: [],
    mounts: mounts
      .filter((mount) => mount.workspacePath !== null)
      .map((mount) => ({
        name: mount.name,
        source: mount.attachPath,
        target: buildMountPlace(mount),
      })),
    verify: [
      ...dependencies.map(({ payloadId }) => ({
        name: payloadId,
        path: dependencyRoot(payloadId),
      })),
      ...mounts.map((mount) => ({ name: mount.name, path: mount.attachPath })),
    ],
  });
}

function buildEnd(
  followed: Result<CommandEnding, FollowProblem>,
  cancelled: boolean,
  { payloadId, instance }: { readonly payloadId: string; readonly instance: string },
): Outcome<BuildEnd> {
  if (followed.ok) {
    return ok({ ending: 'exited', exitCode: followed.value.exitCode, signal: null });
  }
  if (followed.error.kind === 'aborted') {
    return ok({ ending: cancelled ? 'cancelled' : 'timed-out', exitCode: null, signal: null });
  }
  return fail('infrastructure', `The instance was lost while it built payload "${payloadId}"`, {
    location: { instance },
    reason: followed.error.reason,
    hint: 'This is no verdict on the build: run again.',
  });
}
