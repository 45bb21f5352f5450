import { pikaciConfigSchema, type PikaciConfig } from '@pikaci/model';
import { allChecks } from './checks/all-checks.js';
import type { ConfigIssue } from './config-issue.js';
import { schemaIssues } from './schema/schema-issues.js';

/** A configuration with its defaults filled in, or everything that is wrong with it. */
export type Validation =
  | { readonly ok: true; readonly config: PikaciConfig }
  | { readonly ok: false; readonly issues: readonly ConfigIssue[] };

/** Checks a value against the schema and, when it satisfies that, against the rules beyond it. */
export function validateConfig(value: unknown): Validation {
  const broken = schemaIssues(pikaciConfigSchema, value);
  if (broken.length > 0) return { ok: false, issues: broken };
  const config = pikaciConfigSchema.parse(value);
  const issues = allChecks.flatMap((check) => check(config));
  return issues.length > 0 ? { ok: false, issues } : { ok: true, config };
}
