import { suggestion } from '../closest-match.js';
import type { ConfigIssue } from '../config-issue.js';
import type { ConfigPath } from '../config-path.js';
import { entriesOf, isObject, type Expansion, type PlainObject } from './expansion.js';

/** A job with what it has of templates, and the template that each of its inherited keys is of. */
interface Extended {
  readonly job: PlainObject;
  readonly origins: ReadonlyMap<string, string>;
  readonly issues: readonly ConfigIssue[];
}

/**
 * Gives each job what the templates hold that it extends. What the job says itself comes first, then later templates
 * before earlier ones; of `env` the variables are put together, everything else is taken whole.
 */
export function expandTemplates(value: unknown): Expansion {
  if (!isObject(value) || !isObject(value['jobs'])) return unchanged(value);
  const templates = new Map(entriesOf(value['templates']));
  const extended = new Map(
    entriesOf(value['jobs']).map(([id, job]) => [id, extend(id, job, templates)] as const),
  );
  const jobs = Object.fromEntries(
    entriesOf(value['jobs']).map(([id, job]) => [id, extended.get(id)?.job ?? job]),
  );
  return {
    value: { ...value, jobs },
    issues: [...extended.values()].flatMap((one) => one?.issues ?? []),
    sourcePath: (path) => {
      const [jobsKey, id, key, inner] = path.map(String);
      if (jobsKey !== 'jobs' || id === undefined || key === undefined) return path;
      const { origins } = extended.get(id) ?? { origins: new Map<string, string>() };
      const origin = origins.get(`${key}.${inner ?? ''}`) ?? origins.get(key);
      return origin === undefined ? path : ['templates', origin, ...path.slice(2)];
    },
  };
}

function unchanged(value: unknown): Expansion {
  return { value, issues: [], sourcePath: (path) => path };
}

/** Null for a job that extends nothing. */
function extend(
  id: string,
  job: unknown,
  templates: ReadonlyMap<string, unknown>,
): Extended | null {
  if (!isObject(job) || job['extends'] === undefined) return null;
  const { extends: names, ...own } = job;
  const issues: ConfigIssue[] = [];
  const origins = new Map<string, string>();
  let result: PlainObject = {};
  for (const [index, name] of namesOf(names).entries()) {
    const template = templates.get(name);
    if (!isObject(template)) {
      issues.push(unknownTemplate(id, name, Array.isArray(names) ? index : null, templates));
      continue;
    }
    noteOrigins(origins, name, template);
    result = merge(result, template);
  }
  for (const [key, value] of Object.entries(own)) {
    if (!(key === 'env' && isObject(value))) origins.delete(key);
    else for (const variable of Object.keys(value)) origins.delete(`env.${variable}`);
  }
  return { job: merge(result, own), origins, issues };
}

/** A text, or a list of texts: of everything else the schema has told. */
function namesOf(names: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(names) ? names : [names];
  return list.filter((name) => typeof name === 'string');
}

function noteOrigins(origins: Map<string, string>, name: string, template: PlainObject): void {
  for (const [key, value] of Object.entries(template)) {
    if (key !== 'env') origins.set(key, name);
    for (const [variable] of key === 'env' ? entriesOf(value) : []) {
      origins.set(`env.${variable}`, name);
    }
  }
}

function merge(base: PlainObject, over: PlainObject): PlainObject {
  const merged = { ...base, ...over };
  const [env, overEnv] = [base['env'], over['env']];
  return isObject(env) && isObject(overEnv) ? { ...merged, env: { ...env, ...overEnv } } : merged;
}

function unknownTemplate(
  id: string,
  name: string,
  index: number | null,
  templates: ReadonlyMap<string, unknown>,
): ConfigIssue {
  const known = [...templates.keys()];
  const path: ConfigPath = ['jobs', id, 'extends', ...(index === null ? [] : [index])];
  return {
    message: `unknown template \`${name}\` in job \`${id}\`${suggestion(name, known)}`,
    path,
    part: 'value',
    hint: known.length === 0 ? 'There are no templates yet.' : `Known: ${known.join(', ')}.`,
  };
}
