import {
  ok,
  type Outcome,
  type PayloadStore,
  type PreparedPayload,
  type PreparePayloadRequest,
} from '@pikaci/model';

/** What a scripted payload store does for a request. */
export type PreparePayload = (request: PreparePayloadRequest) => Promise<Outcome<PreparedPayload>>;

/** A payload as a store would hand it out, for a request. */
export function preparedPayloadFor(
  request: Pick<PreparePayloadRequest, 'payloadId' | 'devicePrefix'>,
  changes: Partial<PreparedPayload> = {},
): PreparedPayload {
  const { payloadId, devicePrefix } = request;
  return {
    payloadId,
    devicePrefix,
    contentKey: `key-of-${payloadId}`,
    storePath: `/store/${payloadId}/output`,
    manifest: { schemaVersion: 1, kind: 'fake', entrypoints: [], assetRoots: [], mounts: [] },
    reused: false,
    sizeBytes: 1,
    ...changes,
  };
}

/** A payload store in memory: prepares by a script, remembers what was asked of it. */
export class FakePayloadStore implements PayloadStore {
  readonly requests: PreparePayloadRequest[] = [];
  readonly exposed: { readonly payloadId: string; readonly localMountPath: string }[] = [];
  exposeOutcome: Outcome<void> = ok(undefined);
  /** True when nothing of it is in use any more. */
  closed = false;
  readonly #prepare: PreparePayload;

  constructor(
    prepare: PreparePayload = (request) => Promise.resolve(ok(preparedPayloadFor(request))),
  ) {
    this.#prepare = prepare;
  }

  prepare(request: PreparePayloadRequest): Promise<Outcome<PreparedPayload>> {
    this.requests.push(request);
    return this.#prepare(request);
  }

  expose(payload: PreparedPayload, localMountPath: string): Promise<Outcome<void>> {
    this.exposed.push({ payloadId: payload.payloadId, localMountPath });
    return Promise.resolve(this.exposeOutcome);
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}
