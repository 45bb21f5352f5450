import { ok, type Failure, type JobServiceRecord, type Outcome } from '@pikaci/model';
import { serviceVariables } from '@pikaci/paths';
import type { StartJobContext } from '../run-job.js';
import { startService, type ServicesContext, type StartedService } from './run-service.js';
import { checkServices, servicePlans, type ServicePlan } from './service-plan.js';
import { makeSocketDirectory, removeSocketDirectory, socketDirectory } from './socket-directory.js';

/** What is decided of the services of an attempt before anything is started. */
export interface DecidedServices {
  readonly plans: readonly ServicePlan[];
  /** The directory of their sockets; it is there if there are any services. */
  readonly directory: string;
}

/** The services of an attempt, on their way. */
export interface JobServices {
  /** Resolves when each of them can be used, or one of them never will be: with why, or null. Never rejects. */
  readonly ready: Promise<Failure | null>;
  /** What tells the job where they are. */
  readonly variables: Readonly<Record<string, string>>;
  /** Ends them, also while they are on their way. */
  stop(): Promise<EndedServices>;
}

/** What became of the services of an attempt. */
export interface EndedServices {
  readonly records: readonly JobServiceRecord[];
  readonly notes: readonly string[];
  /** Why a job that failed may have failed by the loss of a service; null: none was lost. */
  readonly lost: Failure | null;
  /** Resolves when nothing of them is left. */
  readonly released: Promise<void>;
}

/** Of a job without services. */
export const noneEnded: EndedServices = {
  records: [],
  notes: [],
  lost: null,
  released: Promise.resolve(),
};

/** Decides on the services of an attempt, and makes the place of their sockets. */
export async function decideServices(
  context: StartJobContext & Pick<ServicesContext, 'execution'> & { readonly instance: string },
): Promise<Outcome<DecidedServices>> {
  const { execution, instance, runtimeDir, stateRoot, owner, project, config } = context;
  const plans = servicePlans(execution);
  const directory = socketDirectory(runtimeDir, instance);
  if (plans.length === 0) return ok({ plans, directory });
  const possible = checkServices(plans, project, config.project);
  if (!possible.ok) return possible;
  const claim = { runId: execution.runId, stateRoot, owner };
  const made = await makeSocketDirectory(runtimeDir, directory, claim);
  return made.ok ? ok({ plans, directory }) : made;
}

/** Starts all services of an attempt at once. */
export function startServices(
  context: StartJobContext & Pick<ServicesContext, 'execution'>,
  { plans, directory }: DecidedServices,
): JobServices {
  if (plans.length === 0) {
    return { ready: Promise.resolve(null), variables: {}, stop: () => Promise.resolve(noneEnded) };
  }
  const { execution } = context;
  const givenUp = new AbortController();
  const unwanted = AbortSignal.any([execution.signal, execution.force, givenUp.signal]);
  const starting = plans.map((plan, index) =>
    startService({ ...context, directory, unwanted }, plan, index),
  );
  return {
    ready: allReady(context, plans, starting, () => {
      givenUp.abort();
    }),
    variables: serviceVariables(plans),
    stop: async () => {
      givenUp.abort();
      return stopServices(await Promise.all(starting), directory);
    },
  };
}

async function allReady(
  { execution }: Pick<ServicesContext, 'execution'>,
  plans: readonly ServicePlan[],
  starting: readonly Promise<StartedService>[],
  giveUp: () => void,
): Promise<Failure | null> {
  let first: Failure | null = null;
  await Promise.all(
    starting.map(async (service, index) => {
      const { problem } = await service;
      if (problem === null) {
        execution.observer.onLog(`service ${plans[index]?.name ?? ''} is ready`);
        return;
      }
      // Of the others, that nobody waits for them is no news.
      first ??= problem;
      giveUp();
    }),
  );
  return first;
}

/** Ends services, and takes their sockets away, which nobody uses any more. What they ran in goes in the background. */
export async function stopServices(
  services: readonly StartedService[],
  directory: string,
): Promise<EndedServices> {
  const stopped = await Promise.all(services.map((service) => service.stop()));
  const leftover = await removeSocketDirectory(directory);
  return {
    records: stopped.map(({ record }) => record),
    notes: [...stopped.flatMap(({ notes }) => notes), ...(leftover === null ? [] : [leftover])],
    lost: stopped.find(({ lost }) => lost !== null)?.lost ?? null,
    released: Promise.all(stopped.map(({ released }) => released)).then(() => undefined),
  };
}
