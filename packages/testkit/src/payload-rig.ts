import {
  payloadConfigSchema,
  type Outcome,
  type PayloadConfig,
  type PreparedPayload,
  type PreparePayloadRequest,
} from '@pikaci/model';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A snapshot, a state root and requests for payloads, for one test. */
export interface PayloadRig {
  /** Everything of the rig lies below it. Canonical. */
  readonly dir: string;
  readonly snapshotDir: string;
  readonly stateRoot: string;
  /** All that requests have logged. */
  log(): string;
  /** Writes a file of the snapshot. */
  write(path: string, content: string, mode?: number): void;
  /** A request for a payload, as configuration would have it. */
  request(payload: unknown, overrides?: Partial<PreparePayloadRequest>): PreparePayloadRequest;
  remove(): void;
}

export function createPayloadRig(): PayloadRig {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'pikaci-payloads-')));
  const snapshotDir = join(dir, 'snapshot');
  const stateRoot = join(dir, 'state');
  mkdirSync(snapshotDir);
  let logged = '';
  return {
    dir,
    snapshotDir,
    stateRoot,
    log: () => logged,
    write: (path, content, mode) => {
      mkdirSync(dirname(join(snapshotDir, path)), { recursive: true });
      writeFileSync(join(snapshotDir, path), content);
      if (mode !== undefined) chmodSync(join(snapshotDir, path), mode);
    },
    request: (payload, overrides = {}) => {
      const config: PayloadConfig = payloadConfigSchema.parse(payload);
      return {
        payloadId: 'example',
        devicePrefix: 'example',
        payload: config,
        snapshot: { dir: snapshotDir, hash: 'a'.repeat(64), sourceRoot: dir },
        dependencies: [],
        onLog: (chunk) => {
          logged += Buffer.from(chunk).toString('utf8');
        },
        signal: new AbortController().signal,
        force: new AbortController().signal,
        ...overrides,
      };
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** The payload of an outcome that has to be a success. */
export function prepared(outcome: Outcome<PreparedPayload>): PreparedPayload {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error, null, 2));
  return outcome.value;
}
