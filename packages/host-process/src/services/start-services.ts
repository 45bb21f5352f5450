import type { Failure, JobServiceRecord, Outcome } from '@pikaci/model';
import { serviceVariables } from '@pikaci/paths';
import type { NamespaceSupport } from '../namespace/detect-namespaces.js';
import type { ReadyJob } from '../ready-job.js';
import { choosePort, type ChosenPort } from './choose-port.js';
import { shareNetwork, type SharedNetwork } from './share-network.js';
import { startService, type StartedService } from './run-service.js';
import { serviceRun, type ServiceRun } from './service-run.js';

/** The services of a job, all of which can be used, or not. */
export interface JobServices {
  /** Why the job cannot run; null: it can. */
  readonly problem: Failure | null;
  /** What tells the job where they are. */
  readonly variables: Readonly<Record<string, string>>;
  /** A process in whose network the job runs, if that is none; null: it has no services. */
  readonly networkOf: number | null;
  /** Ends them, and says what became of each. */
  stop(): Promise<EndedServices>;
}

/** What became of the services of a job. */
export interface EndedServices {
  readonly records: readonly JobServiceRecord[];
  readonly notes: readonly string[];
}

/** Of a job that has no services. */
export const noServices: JobServices = {
  problem: null,
  variables: {},
  networkOf: null,
  stop: () => Promise.resolve({ records: [], notes: [] }),
};

/** Starts all services of a job at once, and waits until each can be used, or one of them never will be. */
export async function startServices(
  job: ReadyJob,
  support: NamespaceSupport,
  environment: NodeJS.ProcessEnv,
): Promise<JobServices> {
  const { execution } = job;
  if (execution.job.services.length === 0) return noServices;
  execution.observer.onPhase('start_services');
  const ports: ChosenPort[] = [];
  const runs = await decide(job, environment, ports);
  const network = runs.ok ? await shareNetwork(execution, support) : runs;
  if (!runs.ok || !network.ok) {
    for (const port of ports) await port.giveBack();
    return { ...noServices, problem: runs.ok ? (network.ok ? null : network.error) : runs.error };
  }
  return startAll(job, support, runs.value, { ports, network: network.value });
}

/** All that is decided before anything is started. */
async function decide(
  job: ReadyJob,
  environment: NodeJS.ProcessEnv,
  ports: ChosenPort[],
): Promise<Outcome<readonly ServiceRun[]>> {
  const { services, network } = job.execution.job;
  const runs: ServiceRun[] = [];
  for (const service of services) {
    const chosen = await choosePort(service, { isPrivate: network === 'none', environment });
    if (!chosen.ok) return chosen;
    ports.push(chosen.value);
    const run = serviceRun(job, service, chosen.value.port, environment);
    if (!run.ok) return run;
    runs.push(run.value);
  }
  return { ok: true, value: runs };
}

async function startAll(
  { execution }: ReadyJob,
  support: NamespaceSupport,
  runs: readonly ServiceRun[],
  held: { readonly ports: readonly ChosenPort[]; readonly network: SharedNetwork },
): Promise<JobServices> {
  const { observer, signal } = execution;
  const givenUp = new AbortController();
  const unwanted = AbortSignal.any([signal, givenUp.signal]);
  const { networkOf } = held.network;
  const started: StartedService[] = [];
  let problem: Failure | null = null;
  const start = async (run: ServiceRun): Promise<void> => {
    const startedMs = performance.now();
    const service = await startService({ support, networkOf, unwanted }, run);
    if (service.ok) started.push(service.value);
    const why = service.ok ? service.value.problem : service.error;
    if (why === null) {
      const tookMs = Math.round(performance.now() - startedMs);
      observer.onLog(`service ${run.service.name} is ready after ${tookMs} ms`);
      return;
    }
    // Of the others, that nobody waits for them is no news.
    problem ??= why;
    givenUp.abort();
  };
  await Promise.all(runs.map(start));
  const addresses = runs.map(({ service: { name }, port }) => ({ name, port }));
  return {
    problem,
    variables: serviceVariables(addresses),
    networkOf,
    stop: async () => {
      const stopped = await Promise.all(started.map((service) => service.stop()));
      await held.network.release();
      for (const port of held.ports) await port.giveBack();
      const order = (record: JobServiceRecord) =>
        runs.findIndex(({ service: { name } }) => name === record.name);
      return {
        records: stopped.map(({ record }) => record).sort((a, b) => order(a) - order(b)),
        notes: stopped.flatMap(({ notes }) => notes),
      };
    },
  };
}
