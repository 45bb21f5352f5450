import {
  fail,
  ok,
  type BuildCommand,
  type BuildEnd,
  type Outcome,
  type Result,
} from '@pikaci/model';
import { buildSetupScript, guestLayout, type JobMount } from '@pikaci/paths';
import type { CommandEnding } from '../command-ending.js';
import type { FollowProblem } from '../follow-command.js';
import { followWithinLimits, type GaveUp } from '../follow-within-limits.js';
import type { Provisioning } from '../provisioning.js';
import { reconcileOutput } from '../reconcile-output.js';
import { runSetupScript, setUpGuest } from '../set-up-guest.js';
import { lowLevelCauses } from '../start-instance.js';
import { dependencyRoot } from './build-devices.js';
import { buildMountPlace, guestBuildEnvironment } from './build-environment.js';
import type { GuestBuildContext } from './run-build.js';
import { releaseFiles } from './settle-build.js';
import { createStreamLog } from './stream-log.js';

/** As root of the guest: builds install what they need. */
const root = { user: 0, group: 0 };

/** Runs a build's command in its started instance, until its end, its time limit or its cancellation. */
export async function runInGuest(
  context: GuestBuildContext,
  build: BuildCommand,
  mounts: readonly JobMount[],
  instance: string,
  provisioning: Provisioning,
): Promise<Outcome<BuildEnd>> {
  const { client, place, pause, owner, graceSeconds, slackMs } = context;
  const limits = { timeoutSeconds: build.timeoutSeconds, graceSeconds };
  const ready = await setUpGuest({
    client,
    place: { ...place, instance },
    setupScript: setupScript(build, mounts),
    setupCommand: runSetupScript,
    workingDirectory: guestLayout.work,
    command: build.run,
    ...root,
    limits,
    provisioning,
  });
  if (!ready.ok) return ready;
  const log = createStreamLog(build.onOutput);
  const { followed, gaveUp } = await followWithinLimits({
    client,
    instance,
    environment: guestBuildEnvironment(build, mounts),
    ...root,
    log,
    limits,
    cancel: build.signal,
    force: build.force,
    slackMs,
    onLog: build.onLog,
    onStarted: () => undefined,
    pause,
  });
  const ending = followed.ok ? followed.value : null;
  if (!build.force.aborted) {
    for (const note of await reconcileOutput(client.files, instance, log, ending)) {
      build.onLog(note);
    }
  }
  const kept = await releaseFiles({ client, owner, pause }, instance, build.force);
  if (kept !== null) build.onLog(`the guest could not give its files away: ${kept}`);
  if (followed.ok || gaveUp !== null) return ok(buildEnd(followed, gaveUp));
  if (build.signal.aborted) return ok({ ending: 'cancelled', exitCode: null, signal: null });
  const causes = await lowLevelCauses(client, instance);
  const reason = followed.error.kind === 'lost' ? followed.error.reason : 'unknown';
  return fail(
    'infrastructure',
    `The instance was lost while it built payload "${build.payloadId}"`,
    {
      location: { instance },
      reason: [reason, ...causes].join('\n'),
      hint: 'This is no verdict on the build: run again.',
    },
  );
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

function buildEnd(followed: Result<CommandEnding, FollowProblem>, gaveUp: GaveUp): BuildEnd {
  const reason = followed.ok ? followed.value.reason : gaveUp;
  if (followed.ok && reason === 'exited') {
    return { ending: 'exited', exitCode: followed.value.exitCode, signal: null };
  }
  return { ending: reason === 'timeout' ? 'timed-out' : 'cancelled', exitCode: null, signal: null };
}
