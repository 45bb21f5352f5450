import { runtimeDirectory } from '@pikaci/host';
import { ok, systemClock, type Clock, type Runtime } from '@pikaci/model';
import { attachJob } from './attach-job.js';
import { usualSlackMs } from './follow-within-limits.js';
import { connectIncus, type IncusConnection, type IncusSettings } from './incus-connection.js';
import { removeInstance, type OwnedInstance } from './instance-teardown.js';
import { outcomeOf } from './job-outcome.js';
import { failed } from './job-verdict.js';
import { runJob } from './run-job.js';
import { sweepSockets } from './services/sweep-sockets.js';
import { openKept } from './shell/open-kept.js';
import { openShell } from './shell/open-shell.js';
import { shellImage } from './shell/shell-image.js';
import { sweepInstances } from './sweep-instances.js';
import { waitFor } from './wait-for.js';

/** How the Incus runtime is set up. */
export interface IncusRuntimeOptions extends IncusSettings {
  /** Written on every instance, so that several state roots can share a server. */
  readonly stateRoot: string;
  /** Where processes of this user meet; by default as `runtimeDirectory` has it. */
  readonly runtimeDir?: string;
  readonly clock?: Clock;
  /** For tests; by default real waiting. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** How much later than the guest the host gives a command up, in ms; tests have less patience. */
  readonly slackMs?: number;
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
  const { stateRoot, clock = systemClock, pause = waitFor, slackMs = usualSlackMs } = options;
  const { client, resolveImage } = connection;
  const uid = process.getuid?.() ?? null;
  const { runtimeDir = runtimeDirectory(process.env, uid) } = options;
  const removals: Promise<string | null>[] = [];
  const discard = (instance: OwnedInstance) => {
    const removal = removeInstance({ client, pause }, instance);
    removals.push(removal);
    return removal;
  };
  const { config, place, forgetImage } = connection;
  const common = {
    ...{ client, config, place, resolveImage, forgetImage, stateRoot, runtimeDir },
    ...{ clock, pause, slackMs, discard },
  };

  return {
    id: 'incus',
    prepare: async () => {
      const image = await resolveImage();
      return image.ok ? ok(undefined) : image;
    },
    run: async (execution) => {
      const image = await resolveImage();
      if (!image.ok) return outcomeOf(failed(image.error));
      const project = await connection.project();
      if (!project.ok) return outcomeOf(failed(project.error));
      const owner = await connection.owner();
      return runJob(execution, { ...common, image: image.value, project: project.value, owner });
    },
    attach: async (execution) => {
      const project = await connection.project();
      if (!project.ok) return outcomeOf(failed(project.error));
      const owner = await connection.owner();
      const alias = options.image;
      return attachJob(execution, { ...common, alias, project: project.value, owner });
    },
    openShell: async (request) => {
      const project = await connection.project();
      if (!project.ok) return project;
      const owner = await connection.owner();
      const kept = await openKept(request, { ...common, project: project.value, owner });
      if (kept !== null) return kept;
      const image = await shellImage(connection, request);
      if (!image.ok) return image;
      return openShell(request, { ...common, image: image.value, project: project.value, owner });
    },
    sweep: async (request) => {
      const { host } = await connection.owner();
      const instances = await sweepInstances(
        { client, stateRoot, host, now: clock.now() },
        request,
      );
      const sockets = await sweepSockets(runtimeDir, stateRoot, request);
      return {
        ...instances,
        removed: [...instances.removed, ...sockets.removed],
        problems: [...instances.problems, ...sockets.problems],
      };
    },
    close: async () => {
      const left = await Promise.all(removals);
      client.close();
      return left.filter((problem) => problem !== null);
    },
  };
}
