import { ok, type Outcome, type Snapshot, type SnapshotStore } from '@pikaci/model';

/** A snapshot with invented values. */
export function fakeSnapshot(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    hash: 'a'.repeat(64),
    hashVersion: 'fake-1',
    sourceRoot: '/workspace',
    gitHead: 'b'.repeat(40),
    gitDirty: false,
    dir: '/state/cache/snapshots/aaaa/snapshot',
    reused: false,
    ...changes,
  };
}

/** A snapshot store that always gives the same answer, or asks the test. */
export class FakeSnapshotStore implements SnapshotStore {
  readonly #take: (signal?: AbortSignal) => Promise<Outcome<Snapshot>>;

  constructor(
    take: (signal?: AbortSignal) => Promise<Outcome<Snapshot>> = () =>
      Promise.resolve(ok(fakeSnapshot())),
  ) {
    this.#take = take;
  }

  identify(_workspaceRoot: string, signal?: AbortSignal): Promise<Outcome<Snapshot>> {
    return this.#take(signal);
  }

  take(_workspaceRoot: string, signal?: AbortSignal): Promise<Outcome<Snapshot>> {
    return this.#take(signal);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
