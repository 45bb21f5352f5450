import type { Failure, OutputStream, RunEvent, Runtime, RuntimeId } from '@pikaci/model';
import { ManualClock } from './fake-ports-clock.js';
import { FakeConcurrencyGroups } from './fake-ports-groups.js';
import { FakePayloadStore, type PreparePayload } from './fake-ports-payload-store.js';
import { MemoryRunStore, type WriteName } from './fake-ports-run-store.js';
import { FakeRuntime, type FakeRuntimeScript } from './fake-ports-runtime.js';
import { FakeReportReader } from './fake-ports-reports.js';
import { FakeSecretSources } from './fake-ports-secrets.js';
import { FakeSnapshotStore } from './fake-ports-snapshot-store.js';

/** Keeps everything it is told. */
export class RecordingReporter {
  readonly events: RunEvent[] = [];
  readonly output: string[] = [];
  readonly prepareOutput: string[] = [];
  readonly warnings: string[] = [];

  onEvent(event: RunEvent): void {
    this.events.push(event);
  }

  onOutput(jobId: string, stream: OutputStream, chunk: Uint8Array): void {
    this.output.push(`${jobId} ${stream} ${Buffer.from(chunk).toString()}`);
  }

  onPrepareOutput(nodeId: string, chunk: Uint8Array): void {
    this.prepareOutput.push(`${nodeId} ${Buffer.from(chunk).toString()}`);
  }

  onWarning(text: string): void {
    this.warnings.push(text);
  }
}

/** What a test scripts; the rest succeeds at once. */
export interface FakePortsScript {
  readonly process?: FakeRuntimeScript;
  readonly incus?: FakeRuntimeScript;
  readonly prepare?: PreparePayload;
  readonly snapshots?: FakeSnapshotStore;
  readonly reports?: FakeReportReader;
  /** Which writes of the run store fail, and how. */
  readonly failing?: (write: WriteName) => Failure | null;
  /** Values of secrets, by name. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** `passes` (unless set): who waits is called back as soon as nothing else happens. `stands`: when the test says so. */
  readonly time?: 'passes' | 'stands';
}

/** Everything an engine uses of the world, in memory. */
export interface FakePorts {
  readonly store: MemoryRunStore;
  readonly snapshots: FakeSnapshotStore;
  readonly payloads: FakePayloadStore;
  readonly process: FakeRuntime;
  readonly incus: FakeRuntime;
  readonly runtimes: ReadonlyMap<RuntimeId, Runtime>;
  readonly secrets: FakeSecretSources;
  readonly reports: FakeReportReader;
  readonly groups: FakeConcurrencyGroups;
  readonly clock: ManualClock;
  /** The clock. */
  readonly timer: ManualClock;
  readonly reporter: RecordingReporter;
}

/** Makes the ports of one run. */
export function fakePorts(script: FakePortsScript = {}): FakePorts {
  const process = new FakeRuntime('process', script.process);
  const incus = new FakeRuntime('incus', script.incus);
  const clock = new ManualClock(undefined, script.time !== 'stands');
  return {
    store: new MemoryRunStore(script.failing),
    snapshots: script.snapshots ?? new FakeSnapshotStore(),
    payloads: new FakePayloadStore(script.prepare),
    process,
    incus,
    runtimes: new Map<RuntimeId, Runtime>([
      ['process', process],
      ['incus', incus],
    ]),
    secrets: new FakeSecretSources(script.secrets),
    reports: script.reports ?? new FakeReportReader(),
    groups: new FakeConcurrencyGroups(),
    clock,
    timer: clock,
    reporter: new RecordingReporter(),
  };
}
