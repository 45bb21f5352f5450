import {
  fail,
  ok,
  type JobConfig,
  type Outcome,
  type PikaciConfig,
  type RuntimeId,
} from '@pikaci/model';

/** Fails when the services of a job cannot be had on its runtime. */
export function serviceProblem(
  config: PikaciConfig,
  jobId: string,
  { services }: Pick<JobConfig, 'services'>,
  runtime: RuntimeId,
): Outcome<void> {
  const count = Object.keys(services).length;
  if (runtime !== 'incus' || count === 0) return ok(undefined);
  if (config.runtimes.incus.instance === 'virtual-machine') {
    return fail('config', `Job "${jobId}" has services, which virtual machines cannot have`, {
      reason: 'the proxy devices of Incus that connect a job to its services are for containers',
      hint: 'Use containers (runtimes.incus.instance), or run the job on the process runtime.',
    });
  }
  const { instances } = config.limits;
  if (instances === undefined || instances > count) return ok(undefined);
  return fail('config', `Job "${jobId}" could never run: it needs ${count + 1} instances at once`, {
    reason: `one for itself and one for each service, and limits.instances is ${instances}`,
    hint: `Raise limits.instances to ${count + 1} or more.`,
  });
}
