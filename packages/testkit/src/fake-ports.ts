import type { Failure, OutputStream, RunEvent, Runtime, RuntimeId } from '@pikaci/model';
import { ManualClock } from './fake-ports-clock.js';
import { FakePayloadStore, type PreparePayload } from './fake-ports-payload-store.js';
import { MemoryRunStore, type WriteName } from './fake-ports-run-store.js';
import { FakeRuntime, type FakeRuntimeScript } from './fake-ports-runtime.js';
import { FakeSnapshotStore } from './fake-ports-snapshot-store.js';

/** Keeps everything it is told. */
export class RecordingReporter {
  readonly events: RunEvent[] = [];
  readonly output: string[] = [];
  readonly prepareOutput: string[] = [];

  onEvent(event: RunEvent): void {
    this.events.push(event);
  }

  onOutput(jobId: string, stream: OutputStream, chunk: Uint8Array): void {
    this.output.push(`${jobId} ${stream} ${Buffer.from(chunk).toString()}`);
  }

  onPrepareOutput(nodeId: string, chunk: Uint8Array): void {
    this.prepareOutput.push(`${nodeId} ${Buffer.from(chunk).toString()}`);
  }
}

/** What a test scripts; the rest succeeds at once. */
export interface FakePortsScript {
  readonly process?: FakeRuntimeScript;
  readonly incus?: FakeRuntimeScript;
  readonly prepare?: PreparePayload;
  readonly snapshots?: FakeSnapshotStore;
  /** Which writes of the run store fail, and how. */
  readonly failing?: (write: WriteName) => Failure | null;
}

/** Everything an engine uses of the world, in memory. */
export interface FakePorts {
  readonly store: MemoryRunStore;
  readonly snapshots: FakeSnapshotStore;
  readonly payloads: FakePayloadStore;
  readonly process: FakeRuntime;
  readonly incus: FakeRuntime;
  readonly runtimes: ReadonlyMap<RuntimeId, Runtime>;
  readonly clock: ManualClock;
  readonly reporter: RecordingReporter;
}

/** Makes the ports of one run. */
export function fakePorts(script: FakePortsScript = {}): FakePorts {
  const process = new FakeRuntime('process', script.process);
  const incus = new FakeRuntime('incus', script.incus);
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
    clock: new ManualClock(),
    reporter: new RecordingReporter(),
  };
}
