import type { z } from 'zod';
import { suggestion } from '../closest-match.js';
import type { ConfigIssue } from '../config-issue.js';
import { formatConfigPath, valueAtPath, type ConfigPath } from '../config-path.js';
import { alternatives, describeType, describeValue } from './describe-value.js';
import { expectation } from './issue-message.js';
import { knownKeys, requiredKeys } from './schema-node.js';
import { judgeUnion } from './union-issues.js';

type Issue = z.core.$ZodIssue;

/** Every way in which a value breaks a schema, in words; none when it satisfies it. */
export function schemaIssues(schema: z.ZodType, value: unknown): readonly ConfigIssue[] {
  const parsed = schema.safeParse(value);
  if (parsed.success) return [];
  const translator = new IssueTranslator(schema, value);
  return parsed.error.issues.flatMap((issue) => translator.translate(issue));
}

class IssueTranslator {
  readonly #schema: z.ZodType;
  readonly #value: unknown;

  constructor(schema: z.ZodType, value: unknown) {
    this.#schema = schema;
    this.#value = value;
  }

  translate(issue: Issue): readonly ConfigIssue[] {
    const path = issue.path.map((segment) =>
      typeof segment === 'symbol' ? String(segment) : segment,
    );
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => this.#unknownKey(path, key));
    }
    if (issue.code === 'invalid_union') return this.#union(issue, path);
    if (issue.code === 'invalid_key') return [this.#badKey(issue, path)];
    return [this.#badValue(path, expectation(issue), issue.message)];
  }

  #unknownKey(parent: ConfigPath, key: string): ConfigIssue {
    const known = knownKeys(this.#schema, parent, this.#value);
    const guess = suggestion(key, known);
    return {
      message: `unknown key \`${key}\` in ${formatConfigPath(parent)}${guess}`,
      path: [...parent, key],
      part: 'key',
      ...(known.length === 0 ? {} : { hint: `Known here: ${known.join(', ')}.` }),
    };
  }

  #badKey(issue: z.core.$ZodIssueInvalidKey, path: ConfigPath): ConfigIssue {
    const key = describeValue(path.at(-1));
    const parent = formatConfigPath(path.slice(0, -1));
    const reason = issue.issues[0]?.message ?? 'is no valid key';
    return { message: `the key ${key} in ${parent} ${reason}`, path, part: 'key' };
  }

  #union(issue: z.core.$ZodIssueInvalidUnion, path: ConfigPath): readonly ConfigIssue[] {
    if ('options' in issue) {
      return [this.#badValue(path, alternatives(issue.options.map(describeValue)), issue.message)];
    }
    const verdict = judgeUnion(issue);
    if (verdict.kind === 'member') return verdict.issues.flatMap((inner) => this.translate(inner));
    const words = verdict.expected.map((type) =>
      type === 'object' ? this.#objectAt(path) : describeType(type),
    );
    const expected = alternatives(words);
    return [this.#badValue(path, expected, issue.message)];
  }

  /** `an object with a and b`: the keys that an object at this place must have. */
  #objectAt(path: ConfigPath): string {
    const keys = requiredKeys(this.#schema, path, this.#value).map((key) => `\`${key}\``);
    return keys.length === 0 ? 'an object' : `an object with ${keys.join(' and ')}`;
  }

  #badValue(path: ConfigPath, expected: string | null, sentence: string): ConfigIssue {
    const value = valueAtPath(this.#value, path);
    const parent = path.slice(0, -1);
    if (value === undefined && typeof path.at(-1) === 'string' && expected !== null) {
      const where = formatConfigPath(parent);
      const message = `missing key \`${String(path.at(-1))}\` in ${where}, expected ${expected}`;
      return { message, path, part: 'value' };
    }
    const wanted = expected === null ? sentence : `expected ${expected}`;
    const got =
      expected === null && typeof value === 'object' ? '' : `, got ${describeValue(value)}`;
    const guess =
      typeof value === 'string' && expected !== null ? this.#guess(value, expected) : '';
    const issue: ConfigIssue = {
      message: `${formatConfigPath(path)}: ${wanted}${got}${guess}`,
      path,
      part: 'value',
    };
    const isUnquoted = expected === 'a string' && ['number', 'boolean'].includes(typeof value);
    if (!isUnquoted) return issue;
    // A number may have been written with more digits than it has now.
    const quoted = typeof value === 'boolean' ? `: "${value}"` : '';
    return { ...issue, hint: `Put it in quotes${quoted}.` };
  }

  #guess(value: string, expected: string): string {
    const words = [...expected.matchAll(/"([^"]+)"/g)].flatMap(([, word]) => word ?? []);
    return suggestion(value, words);
  }
}
