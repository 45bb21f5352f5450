import { fail, nxJob, ok, type Outcome, type PikaciConfig } from '@pikaci/model';

/**
 * Makes the jobs of a target of the projects that Nx named: `test-web` for the project `web` of the target `test`.
 * Without projects the target may be left without jobs.
 */
export function expandNxTarget(
  config: PikaciConfig,
  targetId: string,
  projects: readonly string[],
): Outcome<PikaciConfig> {
  const target = config.targets[targetId];
  if (target?.nx === undefined) return ok(config);
  const jobs = { ...config.jobs };
  const made: string[] = [];
  for (const project of projects) {
    const id = `${targetId}-${partOfId(project)}`.slice(0, 80);
    if (Object.hasOwn(jobs, id)) {
      return fail('config', `There would be two jobs "${id}"`, {
        reason: `one is made of the Nx project "${project}" for target "${targetId}"`,
        hint: 'Give the other job, or the target, another name.',
      });
    }
    jobs[id] = nxJob(target.nx, project);
    made.push(id);
  }
  // Without `nx`, so that it is written out once.
  const written = Object.fromEntries(Object.entries(target).filter(([key]) => key !== 'nx'));
  const expanded = { ...written, paths: target.paths, jobs: [...target.jobs, ...made] };
  const targets = { ...config.targets, [targetId]: expanded };
  return ok({ ...config, jobs, targets });
}

/** A project's name as a part of an id: `@shop/web` is `shop-web`. */
function partOfId(project: string): string {
  return project.replaceAll(/[^A-Za-z0-9._]+/gu, '-').replace(/^-(?=.)/u, '');
}
