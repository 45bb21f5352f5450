import {
  systemClock,
  type BuildRuntime,
  type Clock,
  type PayloadStore,
  type RuntimeId,
} from '@pikaci/model';
import { exposePayload } from './store/expose-payload.js';
import { preparePayload } from './store/prepare-payload.js';

/** What a payload store needs. */
export interface PayloadStoreOptions {
  /** Absolute path. */
  readonly stateRoot: string;
  readonly clock?: Clock;
  /** Part of every key, such as `linux-x64`; that of this process unless given. */
  readonly platform?: string;
  /** Where builds can run; one that is missing is a failure of the payloads that name it. */
  readonly runtimes?: ReadonlyMap<RuntimeId, BuildRuntime>;
}

/** Builds payloads once and keeps them below a state root, by content. */
export function createPayloadStore(options: PayloadStoreOptions): PayloadStore {
  const settings = {
    stateRoot: options.stateRoot,
    clock: options.clock ?? systemClock,
    platform: options.platform ?? `${process.platform}-${process.arch}`,
    runtimes: options.runtimes ?? new Map<RuntimeId, BuildRuntime>(),
  };
  return {
    prepare: (request) => preparePayload(settings, request),
    expose: exposePayload,
    close: () => Promise.resolve(),
  };
}
