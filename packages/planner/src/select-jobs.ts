import {
  fail,
  jobsOfName,
  ok,
  type Outcome,
  type PikaciConfig,
  type Selection,
} from '@pikaci/model';

/**
 * What a run consists of: the named targets and jobs, and every job that those need, each once. Without names, the
 * default target; a configuration with a single target needs no default.
 */
export function selectJobs(config: PikaciConfig, names: readonly string[]): Outcome<Selection> {
  const wanted = names.length > 0 ? ok(names) : defaultNames(config);
  if (!wanted.ok) return wanted;
  const jobIds: string[] = [];
  const targetIds: string[] = [];
  for (const name of wanted.value) {
    const target = own(config.targets, name);
    if (target !== undefined) {
      targetIds.push(name);
      jobIds.push(...target.jobs);
      continue;
    }
    const jobs = jobsOfName(config, name);
    if (jobs.length === 0) return unknownName(config, name);
    jobIds.push(...jobs);
  }
  const targetId = wanted.value.length === 1 ? (targetIds[0] ?? null) : null;
  return ok({
    targetId,
    targetDescription: targetId === null ? null : (config.targets[targetId]?.description ?? null),
    jobIds: withNeeds(config, jobIds),
    reused: [],
  });
}

/** A value of a record by a name that may also be one of every object's, such as `constructor`. */
function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function defaultNames(config: PikaciConfig): Outcome<readonly string[]> {
  if (config.defaultTarget !== undefined) return ok([config.defaultTarget]);
  const targets = Object.keys(config.targets);
  if (targets.length === 1) return ok(targets);
  return fail('selection', 'The configuration names no default target', {
    hint: `Name what to run (${choices(config)}), or set defaultTarget.`,
  });
}

function unknownName(config: PikaciConfig, name: string): Outcome<never> {
  return fail('selection', `There is no target or job "${name}"`, {
    hint: `Name one of these: ${choices(config)}.`,
  });
}

function choices(config: PikaciConfig): string {
  const targets = Object.keys(config.targets);
  const jobs = Object.keys(config.jobs);
  const parts = [
    ...(targets.length > 0 ? [`targets ${targets.join(', ')}`] : []),
    ...(jobs.length > 0 ? [`jobs ${jobs.join(', ')}`] : []),
  ];
  return parts.join('; ');
}

/**
 * Jobs with what they need before them, each once; a cycle (refused with the configuration) ends the descent.
 *
 * @param settled jobs that are not needed any more, nor is what they need
 */
export function withNeeds(
  config: PikaciConfig,
  roots: readonly string[],
  settled: ReadonlySet<string> = new Set(),
): readonly string[] {
  const ordered = new Set<string>();
  const entered = new Set<string>();
  const visit = (id: string) => {
    if (entered.has(id) || settled.has(id)) return;
    entered.add(id);
    for (const needed of own(config.jobs, id)?.needs ?? []) visit(needed);
    ordered.add(id);
  };
  roots.forEach(visit);
  return [...ordered];
}
