import type { ConfigCheck } from '../config-issue.js';
import { checkCycles } from './cycles.js';
import { checkDeviceNames } from './device-names.js';
import { checkEntrypointReferences } from './entrypoint-references.js';
import { checkForeignExpressions } from './foreign-expressions.js';
import { checkGlobs } from './globs.js';
import { checkJobPlaces } from './job-places.js';
import { checkMountNames } from './mount-names.js';
import { checkMountOverlaps } from './mount-overlaps.js';
import { checkMountPaths } from './mount-paths.js';
import { checkNestedStages } from './nested-stages.js';
import { checkNodeIds } from './node-ids.js';
import { checkPayloadDependencies } from './payload-dependencies.js';
import { checkPayloadEntrypoints } from './payload-entrypoints.js';
import { checkPayloadPaths } from './payload-paths.js';
import { checkPayloadPlaces } from './payload-places.js';
import { checkPayloadSources } from './payload-sources.js';
import { checkReferences } from './references.js';
import { checkRepeatedPayloads } from './repeated-payloads.js';
import { checkSecretVariables } from './secret-variables.js';
import { checkServices } from './services.js';
import { checkTargetJobs } from './target-jobs.js';
import { checkTargetNames } from './target-names.js';

/** What a configuration must satisfy beyond the schema. */
export const allChecks: readonly ConfigCheck[] = [
  checkReferences,
  checkCycles,
  checkRepeatedPayloads,
  checkSecretVariables,
  checkServices,
  checkTargetJobs,
  checkTargetNames,
  checkNodeIds,
  checkPayloadPaths,
  checkPayloadSources,
  checkPayloadDependencies,
  checkPayloadEntrypoints,
  checkForeignExpressions,
  checkGlobs,
  checkPayloadPlaces,
  checkNestedStages,
  checkEntrypointReferences,
  checkJobPlaces,
  checkMountNames,
  checkMountPaths,
  checkMountOverlaps,
  checkDeviceNames,
];
