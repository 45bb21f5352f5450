import type { Outcome, PayloadConfig, PreparePayloadRequest } from '@pikaci/model';
import type { KeyInput } from './key/content-key.js';
import type { PayloadLog } from './payload-log.js';

/** A request for a payload of one kind. */
export interface KindRequest<Config extends PayloadConfig> extends PreparePayloadRequest {
  readonly payload: Config;
}

/** Where a payload is built. */
export interface BuildPlace {
  /** Empty directory for the build's own use. */
  readonly workDir: string;
  /** Empty directory; what it holds at the end is the payload. */
  readonly outputDir: string;
  readonly log: PayloadLog;
  /** Environment of pikaci itself, of which builds inherit a part. */
  readonly environment: NodeJS.ProcessEnv;
}

/** A payload of which everything is known that it depends on. */
export interface IdentifiedPayload {
  readonly keyInputs: readonly KeyInput[];
  build(place: BuildPlace): Promise<Outcome<void>>;
}

/** A way to make payloads. Adding one is one file, and one line in `payload-kinds.ts`. */
export interface PayloadKind<Config extends PayloadConfig> {
  /** Kind of the manifests that are derived from configuration. */
  readonly manifestKind: string;
  /** Looks at everything that the payload depends on, beside what all kinds have in common. */
  identify(request: KindRequest<Config>): Promise<Outcome<IdentifiedPayload>>;
}
