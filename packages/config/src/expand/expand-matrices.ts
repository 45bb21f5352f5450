import { identifierPattern, matrixConfigSchema, type MatrixJob } from '@pikaci/model';
import type { ConfigIssue } from '../config-issue.js';
import type { ConfigPath } from '../config-path.js';
import { combinationsOf, mostCombinations, type Combination } from './combinations.js';
import {
  entriesOf,
  isObject,
  without,
  type MatrixExpansion,
  type PlainObject,
} from './expansion.js';
import { replaceMatrixReferences } from './matrix-references.js';

/** A job that was made of a matrix, before anything of it was checked. */
interface MadeJob extends MatrixJob {
  readonly id: string;
  readonly job: PlainObject;
}

/**
 * Makes the jobs of each matrix: `unit` with `matrix: { node: [22, 24] }` becomes `unit-22` and `unit-24`, and whoever
 * needs or lists `unit` gets both.
 */
export function expandMatrices(value: unknown): MatrixExpansion {
  const issues: ConfigIssue[] = [];
  const made = entriesOf(isObject(value) ? value['jobs'] : null).flatMap(([id, job]) =>
    makeJobs(id, job, issues),
  );
  if (!isObject(value) || made.length === 0) {
    return { value, issues, matrixJobs: {}, sourcePath: (path) => path };
  }
  const bases = new Map<string, readonly string[]>();
  for (const { base, id } of made) bases.set(base, [...(bases.get(base) ?? []), id]);
  const jobs = entriesOf(value['jobs']).flatMap(([id, job]) => {
    const own = made.filter(({ base }) => base === id);
    return own.length > 0 ? own.map((one) => [one.id, one.job] as const) : [[id, job] as const];
  });
  issues.push(
    ...clashes(
      jobs.map(([id]) => id),
      made,
    ),
  );
  const lists = createLists(bases);
  const expanded = {
    ...value,
    jobs: Object.fromEntries(jobs.map(([id, job]) => [id, lists.in(job, ['jobs', id, 'needs'])])),
    targets: isObject(value['targets'])
      ? Object.fromEntries(
          entriesOf(value['targets']).map(([id, target]) => [
            id,
            lists.in(target, ['targets', id, 'jobs']),
          ]),
        )
      : value['targets'],
  };
  const baseOf = new Map(made.map(({ id, base }) => [id, base]));
  return {
    value: value['targets'] === undefined ? without(expanded, 'targets') : expanded,
    issues,
    matrixJobs: Object.fromEntries(made.map(({ id, base, values }) => [id, { base, values }])),
    sourcePath: (path) => jobInFile(lists.placeInFile(path), baseOf),
  };
}

function jobInFile(path: ConfigPath, baseOf: ReadonlyMap<string, string>): ConfigPath {
  const [jobs, id, ...rest] = path;
  const base = jobs === 'jobs' ? baseOf.get(String(id)) : undefined;
  return base === undefined ? path : ['jobs', base, ...rest];
}

/** None for a job without a matrix, and for one whose matrix is no matrix: of that the schema will tell. */
function makeJobs(id: string, job: unknown, issues: ConfigIssue[]): readonly MadeJob[] {
  if (!isObject(job) || job['matrix'] === undefined) return [];
  const parsed = matrixConfigSchema.safeParse(job['matrix']);
  if (!parsed.success) return [];
  const template = without(job, 'matrix');
  const combinations = combinationsOf(parsed.data);
  const problem = matrixProblem(combinations);
  if (combinations === null || problem !== null) {
    issues.push({
      message: `the matrix of job \`${id}\` ${problem}`,
      path: ['jobs', id, 'matrix'],
      part: 'value',
    });
    return [];
  }
  const unknown = new Map<string, ConfigPath>();
  const made = combinations.map((values): MadeJob => {
    const replaced = replaceMatrixReferences(template, values, ['jobs', id]);
    for (const reference of replaced.unknown) unknown.set(reference.name, reference.path);
    return { id: idOf(id, values), base: id, values, job: replaced.value as PlainObject };
  });
  for (const [name, path] of unknown) {
    issues.push({
      message: `\`\${matrix:${name}}\` in job \`${id}\`: a combination of its matrix has no \`${name}\``,
      path,
      part: 'value',
      hint: `Axes: ${Object.keys(combinations[0] ?? {}).join(', ')}.`,
    });
  }
  return made;
}

function matrixProblem(combinations: readonly Combination[] | null): string | null {
  if (combinations === null)
    return 'has an axis with a value that is no text, number, true or false';
  const odd = combinations
    .flatMap((one) => Object.keys(one))
    .find((name) => !identifierPattern.test(name));
  if (odd !== undefined) return `has an axis with the name ${JSON.stringify(odd)}`;
  if (combinations.length === 0) return 'has no combination';
  if (combinations.length > mostCombinations) {
    return `has ${combinations.length} combinations, and ${mostCombinations} is the most`;
  }
  return null;
}

/** The id of a job of a matrix: the job's, and the values in the order of the axes, as far as an id can hold them. */
function idOf(base: string, values: Combination): string {
  const words = Object.values(values).map((value) => value.replaceAll(/[^A-Za-z0-9._]+/gu, '-'));
  return [base, ...words].join('-');
}

function clashes(ids: readonly string[], made: readonly MadeJob[]): readonly ConfigIssue[] {
  return made.flatMap(({ id, base }, index): ConfigIssue[] => {
    const isTwice = ids.filter((other) => other === id).length > 1;
    const isFirst = made.findIndex((other) => other.id === id) === index;
    if (!isTwice || !isFirst) return [];
    const message = `the matrix of job \`${base}\` makes the job \`${id}\` twice, or there is another of that name`;
    return [{ message, path: ['jobs', base, 'matrix'], part: 'value' }];
  });
}

/** Puts all jobs of a matrix into lists that name it, and remembers which entry of the file each new one is of. */
function createLists(bases: ReadonlyMap<string, readonly string[]>): {
  in(holder: unknown, path: ConfigPath): unknown;
  placeInFile(path: ConfigPath): ConfigPath;
} {
  const places = new Map<string, readonly number[]>();
  return {
    in: (holder, path) => {
      const key = String(path.at(-1));
      const list: unknown = isObject(holder) ? holder[key] : undefined;
      if (!isObject(holder) || !Array.isArray(list)) return holder;
      const expanded = list.flatMap((entry: unknown, index) =>
        (bases.get(String(entry)) ?? [entry]).map((id) => ({ id, index })),
      );
      places.set(
        JSON.stringify(path),
        expanded.map(({ index }) => index),
      );
      return { ...holder, [key]: expanded.map(({ id }) => id) };
    },
    placeInFile: (path) => {
      const [section, id, key, index, ...rest] = path;
      const found = places.get(JSON.stringify([section, id, key]));
      const place = typeof index === 'number' ? found?.[index] : undefined;
      return place === undefined ? path : [...path.slice(0, 3), place, ...rest];
    },
  };
}
