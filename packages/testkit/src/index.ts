export { exampleRunId, jobRecordOf, runRecordOf } from './run-records.js';
export { DeferredCalls, type PendingCall } from './deferred-calls.js';
export { deferred, type Deferred } from './deferred.js';
export { ManualClock } from './fake-ports-clock.js';
export { FakeConcurrencyGroups } from './fake-ports-groups.js';
export { FakeReportReader } from './fake-ports-reports.js';
export { FakeSecretSources } from './fake-ports-secrets.js';
export {
  FakePayloadStore,
  preparedPayloadFor,
  type PreparePayload,
} from './fake-ports-payload-store.js';
export { MemoryRun, MemoryRunStore, type WriteName } from './fake-ports-run-store.js';
export {
  failedOutcome,
  FakeRuntime,
  passedOutcome,
  type FakeRuntimeScript,
} from './fake-ports-runtime.js';
export { fakeSnapshot, FakeSnapshotStore } from './fake-ports-snapshot-store.js';
export { createTestWorkspace, type TestWorkspace } from './git-workspace.js';
export * from './fake-incus/index.js';
export { makeTree, needsRoot, type RecipeStep, type TreeRecipe } from './recipe/tree-recipe.js';
export {
  asExpectation,
  readCorpus,
  type CorpusCase,
  type CorpusExpectation,
} from './corpus/read-corpus.js';
export { plainExecution, plainJobSettings } from './job-settings.js';
export { listTree } from './list-tree.js';
export { makeDeepDirectories } from './recipe/deep-directories.js';
export { startFakeCollector, type FakeCollector } from './collector/fake-collector.js';
export type { CollectedSpan } from './collector/collected-span.js';
export { decodeJsonSpans } from './collector/decode-json.js';
export { decodeProtobufSpans } from './collector/decode-protobuf.js';
export { runInChild, type ChildEnd } from './run-in-child.js';
export { hasSmallDisks, onSmallDisk, runOnSmallDisk } from './small-disk.js';
export { recipeBytes } from './recipe/recipe-path.js';
export { createCuttableProxy, type CuttableProxy } from './cuttable-proxy.js';
export { createPayloadRig, prepared, type PayloadRig } from './payload-rig.js';
export { shellBuildRuntime, shellBuildRuntimes } from './shell-build-runtime.js';
export {
  fakePorts,
  RecordingReporter,
  type FakePorts,
  type FakePortsScript,
} from './fake-ports.js';
export { runRequestOf, type ExampleRunRequest } from './fake-ports-request.js';
export { treeState } from './tree-state.js';
