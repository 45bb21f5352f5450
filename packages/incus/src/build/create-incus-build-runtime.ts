import { currentFileOwner, type FileOwner } from '@pikaci/host';
import { ok, systemClock, type BuildRuntime, type Clock } from '@pikaci/model';
import { usualSlackMs } from '../follow-within-limits.js';
import { connectIncus, type IncusConnection, type IncusSettings } from '../incus-connection.js';
import { waitFor } from '../wait-for.js';
import { runGuestBuild } from './run-build.js';

const usualGraceSeconds = 5;

/** How builds in guests are set up. */
export interface IncusBuildRuntimeOptions extends IncusSettings {
  /** Marks every instance, so that what a killed run left behind is known as its own. */
  readonly runId: string;
  readonly stateRoot: string;
  readonly clock?: Clock;
  /** Who is to own what builds write; the user of this process unless set. */
  readonly owner?: FileOwner;
  /** For tests; by default real waiting. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Between the request to end and the end by the guest itself, in seconds: 5, as what is half done is thrown away. */
  readonly graceSeconds?: number;
  /** How much later than the guest the host gives a command up, in ms; tests have less patience. */
  readonly slackMs?: number;
}

/**
 * Builds payloads in guests: each in an Incus instance of its own, as root of the guest, with what it depends on
 * mounted read-only. The image is part of what the result depends on.
 *
 * @param connection one that others use as well; whoever made it closes its client
 */
export function createIncusBuildRuntime(
  options: IncusBuildRuntimeOptions,
  connection: IncusConnection = connectIncus(options),
): BuildRuntime {
  const { runId, stateRoot, clock = systemClock, pause = waitFor } = options;
  const { graceSeconds = usualGraceSeconds, slackMs = usualSlackMs } = options;
  const { client, config, place, resolveImage, forgetImage } = connection;
  const owner = options.owner ?? currentFileOwner() ?? { uid: 0, gid: 0 };
  const context = {
    ...{ client, config, place, forgetImage, runId, stateRoot, clock, pause, owner, slackMs },
    processOwner: connection.owner,
    graceSeconds,
  };
  return {
    id: 'incus',
    identify: async () => {
      const image = await resolveImage();
      if (!image.ok) return image;
      return ok([
        { name: 'image', value: image.value.fingerprint },
        { name: 'instance', value: config.instance },
      ]);
    },
    run: async (build) => {
      const image = await resolveImage();
      return image.ok ? runGuestBuild({ ...context, image: image.value }, build) : image;
    },
  };
}
