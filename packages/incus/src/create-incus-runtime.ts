import {
  createIncusClient,
  isNotFound,
  type ImageAlias,
  type IncusClient,
  type IncusResult,
} from '@pikaci/incus-client';
import {
  fail,
  ok,
  systemClock,
  type Clock,
  type IncusRuntimeConfig,
  type JobOutcome,
  type Outcome,
  type Runtime,
} from '@pikaci/model';
import { setTimeout as sleep } from 'node:timers/promises';
import { incusFailure, type IncusPlace } from './incus-failure.js';
import { removeInstance, type OwnedInstance } from './instance-teardown.js';
import { failed } from './job-verdict.js';
import { runJob } from './run-job.js';

/** How the Incus runtime is set up. */
export interface IncusRuntimeOptions {
  readonly config: IncusRuntimeConfig;
  /** Path of the server's unix socket. */
  readonly socket: string;
  /** Alias of the guest image. */
  readonly image: string;
  /** Written on every instance, so that several state roots can share a server. */
  readonly stateRoot: string;
  readonly clock?: Clock;
  /** For tests; by default a client of the socket. */
  readonly client?: IncusClient;
  /** For tests; by default real waiting. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** The runtime in which each job gets an Incus instance of its own. */
export function createIncusRuntime(options: IncusRuntimeOptions): Runtime {
  const { config, image, socket, stateRoot, clock = systemClock, pause = waitFor } = options;
  const client =
    options.client ?? createIncusClient({ socketPath: socket, project: config.project });
  const place: IncusPlace = { socket, project: config.project };
  const removals: Promise<string | null>[] = [];
  const discard = (instance: OwnedInstance) => {
    removals.push(removeInstance(client, instance));
  };
  // The alias may be moved to another image at any time: it is resolved once, and all jobs of the run get that image.
  let resolved: Promise<IncusResult<ImageAlias>> | null = null;
  const resolveImage = async (): Promise<Outcome<string>> => {
    resolved ??= client.images.getAlias(image);
    const alias = await resolved;
    if (alias.ok) return ok(alias.value.fingerprint);
    if (!isNotFound(alias.error)) {
      return { ok: false, error: incusFailure(`resolve the image "${image}"`, alias.error, place) };
    }
    return fail('infrastructure', `There is no image "${image}" in project "${config.project}"`, {
      location: { host: socket },
      hint: 'Import or alias one (incus image list), or name another with --image or PIKACI_INCUS_IMAGE.',
    });
  };

  return {
    id: 'incus',
    prepare: async () => {
      const fingerprint = await resolveImage();
      return fingerprint.ok ? ok(undefined) : fingerprint;
    },
    run: async (execution) => {
      const fingerprint = await resolveImage();
      if (!fingerprint.ok) return withoutInstance(failed(fingerprint.error));
      return runJob(execution, {
        client,
        config,
        place,
        image: { alias: image, fingerprint: fingerprint.value },
        stateRoot,
        clock,
        pause,
        discard,
      });
    },
    close: async () => {
      const left = await Promise.all(removals);
      client.close();
      return left.filter((problem) => problem !== null);
    },
  };
}

function withoutInstance(verdict: ReturnType<typeof failed>): JobOutcome {
  return { verdict: 'failed', ...verdict, execution: null, payloads: [], artifacts: [], notes: [] };
}

/** Waits, or less when the signal says so. */
async function waitFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch {
    // Aborted: the caller looks at the signal.
  }
}
