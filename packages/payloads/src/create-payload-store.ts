import {
  systemClock,
  type BuildRuntime,
  type Clock,
  type PayloadStore,
  type RuntimeId,
} from '@pikaci/model';
import { exposePayload } from './store/expose-payload.js';
import { sweepLeases, type Lease } from './store/leases.js';
import { payloadStepTeller, type OnPayloadStep } from './store/payload-steps.js';
import { preparePayload, type PrepareSettings } from './store/prepare-payload.js';

/** What a payload store needs. */
export interface PayloadStoreOptions {
  /** Absolute path. */
  readonly stateRoot: string;
  readonly clock?: Clock;
  /** Part of every key, such as `linux-x64`; that of this process unless given. */
  readonly platform?: string;
  /** Where builds can run; one that is missing is a failure of the payloads that name it. */
  readonly runtimes?: ReadonlyMap<RuntimeId, BuildRuntime>;
  /** Hears how far the preparing of a payload is; what it returns is waited for. */
  readonly onStep?: OnPayloadStep;
}

/** Builds payloads once and keeps them below a state root, by content. */
export function createPayloadStore(options: PayloadStoreOptions): PayloadStore {
  const settings = {
    stateRoot: options.stateRoot,
    clock: options.clock ?? systemClock,
    platform: options.platform ?? platformOfProcess(),
    runtimes: options.runtimes ?? new Map<RuntimeId, BuildRuntime>(),
    onStep: payloadStepTeller(options.onStep),
    leases: new Set<Lease>(),
  };
  return {
    prepare: (request) => preparePayload(settings, request),
    expose: exposePayload,
    close: () => releaseAll(settings),
  };
}

/** Where this process runs, such as `linux-x64`. */
export function platformOfProcess(): string {
  return `${process.platform}-${process.arch}`;
}

/** Those of processes that are gone go on the way: somebody has to, and it costs next to nothing. */
async function releaseAll({ leases, stateRoot }: PrepareSettings): Promise<void> {
  for (const lease of leases) {
    leases.delete(lease);
    await lease.release();
  }
  await sweepLeases(stateRoot);
}
