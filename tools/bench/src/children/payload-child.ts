import { createProcessBuildRuntime } from '@pikaci/host-process';
import { createPayloadStore } from '@pikaci/payloads';
import type { PreparePayloadRequest } from '@pikaci/model';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { valueOf } from '../machine/value-of.js';
import { answer, question } from './child.js';
import { countFileSystemCalls } from './count-file-system-calls.js';
import { payloadRequest, type BenchPayload } from './payload-request.js';

/** Which payload is to be prepared. */
export interface PayloadQuestion {
  readonly payload: BenchPayload;
  readonly snapshot: PreparePayloadRequest['snapshot'];
  readonly stateRoot: string;
}

/** How it went: the first call of a process, a second one, and the file-system calls of a third. */
export interface PayloadAnswer {
  readonly reused: boolean;
  readonly firstMs: number;
  readonly secondMs: number;
  readonly fileSystemCalls: number;
}

const { payload, snapshot, stateRoot } = question<PayloadQuestion>();
const request = payloadRequest(payload, snapshot);
const runtimes = new Map([['process' as const, createProcessBuildRuntime({ stateRoot })]]);
let reused = false;

async function prepare(): Promise<number> {
  const store = createPayloadStore({ stateRoot, runtimes });
  const startedMs = performance.now();
  reused = valueOf(await store.prepare(request)).reused;
  return performance.now() - startedMs;
}

/** Collects what the loading of modules has left, which else happens in the middle of whatever comes first. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

collectGarbage();
const firstMs = await prepare();
const wasReused = reused;
const secondMs = await prepare();
const fileSystemCalls = await countFileSystemCalls(prepare);
answer({ reused: wasReused, firstMs, secondMs, fileSystemCalls } satisfies PayloadAnswer);
