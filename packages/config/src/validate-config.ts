import { pikaciConfigSchema, type PikaciConfig } from '@pikaci/model';
import { allChecks } from './checks/all-checks.js';
import type { ConfigIssue } from './config-issue.js';
import { configPathKey, type ConfigPath } from './config-path.js';
import { expandMatrices } from './expand/expand-matrices.js';
import { expandTemplates } from './expand/expand-templates.js';
import { withNxSamples } from './expand/nx-samples.js';
import { schemaIssues } from './schema/schema-issues.js';

/** A configuration with its defaults filled in, or everything that is wrong with it. */
export type Validation =
  | {
      readonly ok: true;
      readonly config: PikaciConfig;
      /** The path in the file of what is at a path of the configuration. */
      readonly sourcePath: (path: ConfigPath) => ConfigPath;
    }
  | { readonly ok: false; readonly issues: readonly ConfigIssue[] };

/**
 * Writes out templates and matrices, and checks what comes of it against the schema and, when it satisfies that, against
 * the rules beyond it. Issues have the places of the file as it is written.
 */
export function validateConfig(value: unknown): Validation {
  const templates = expandTemplates(value);
  const matrices = expandMatrices(templates.value);
  const inFile = (path: ConfigPath) => templates.sourcePath(matrices.sourcePath(path));
  const broken = [
    ...templates.issues,
    ...matrices.issues.map((issue) => ({ ...issue, path: templates.sourcePath(issue.path) })),
    ...placed(schemaIssues(pikaciConfigSchema, matrices.value), inFile),
  ];
  if (broken.length > 0) return { ok: false, issues: broken };
  const { matrixJobs } = matrices;
  const parsed = pikaciConfigSchema.parse(matrices.value);
  const config = Object.keys(matrixJobs).length === 0 ? parsed : { ...parsed, matrixJobs };
  const sampled = withNxSamples(config);
  const issues = allChecks.flatMap((check) => check(sampled.config));
  if (issues.length === 0) return { ok: true, config, sourcePath: inFile };
  return { ok: false, issues: placed(issues, (path) => inFile(sampled.sourcePath(path))) };
}

/** Issues with their places in the file. What is wrong with a template or a matrix is told of one of its jobs alone. */
function placed(
  issues: readonly ConfigIssue[],
  inFile: (path: ConfigPath) => ConfigPath,
): readonly ConfigIssue[] {
  const told = new Set<string>();
  return issues
    .filter((issue) => {
      const path = inFile(issue.path);
      if (configPathKey(path) === configPathKey(issue.path)) return true;
      const place = `${issue.part} ${configPathKey(path)}`;
      const isFirst = !told.has(place);
      told.add(place);
      return isFirst;
    })
    .map((issue) => ({ ...issue, path: inFile(issue.path) }));
}
