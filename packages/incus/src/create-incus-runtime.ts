import { ok, systemClock, type Clock, type JobOutcome, type Runtime } from '@pikaci/model';
import { connectIncus, type IncusConnection, type IncusSettings } from './incus-connection.js';
import { removeInstance, type OwnedInstance } from './instance-teardown.js';
import { failed } from './job-verdict.js';
import { runJob } from './run-job.js';
import { waitFor } from './wait-for.js';

/** How the Incus runtime is set up. */
export interface IncusRuntimeOptions extends IncusSettings {
  /** Written on every instance, so that several state roots can share a server. */
  readonly stateRoot: string;
  readonly clock?: Clock;
  /** For tests; by default real waiting. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/**
 * The runtime in which each job gets an Incus instance of its own.
 *
 * @param connection one that others use as well; closing the runtime closes it
 */
export function createIncusRuntime(
  options: IncusRuntimeOptions,
  connection: IncusConnection = connectIncus(options),
): Runtime {
  const { stateRoot, clock = systemClock, pause = waitFor } = options;
  const { client, config, place, resolveImage } = connection;
  const removals: Promise<string | null>[] = [];
  const discard = (instance: OwnedInstance) => {
    const removal = removeInstance(client, instance);
    removals.push(removal);
    return removal;
  };

  return {
    id: 'incus',
    prepare: async () => {
      const image = await resolveImage();
      return image.ok ? ok(undefined) : image;
    },
    run: async (execution) => {
      const image = await resolveImage();
      if (!image.ok) return withoutInstance(failed(image.error));
      return runJob(execution, {
        client,
        config,
        place,
        image: image.value,
        stateRoot,
        clock,
        pause,
        discard,
      });
    },
    attach: () => Promise.resolve(null),
    sweep: () => Promise.resolve({ removed: [], problems: [] }),
    close: async () => {
      const left = await Promise.all(removals);
      client.close();
      return left.filter((problem) => problem !== null);
    },
  };
}

function withoutInstance(verdict: ReturnType<typeof failed>): JobOutcome {
  return {
    verdict: 'failed',
    ...verdict,
    execution: null,
    payloads: [],
    artifacts: [],
    notes: [],
    released: Promise.resolve(),
  };
}
