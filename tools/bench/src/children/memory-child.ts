import { createPayloadStore } from '@pikaci/payloads';
import { createSnapshotStore } from '@pikaci/snapshot';
import { mostMemoryBytes } from '../machine/most-memory.js';
import { valueOf } from '../machine/value-of.js';
import { answer, question } from './child.js';
import { payloadRequest } from './payload-request.js';

/** What is to be done, and the most memory that this process had while it was. */
export interface MemoryQuestion {
  readonly work: 'nothing' | 'snapshot' | 'payload';
  readonly dir: string;
  readonly stateRoot: string;
}

export interface MemoryAnswer {
  readonly maxRssBytes: number;
}

const asked = question<MemoryQuestion>();
await work(asked);
answer({ maxRssBytes: mostMemoryBytes() } satisfies MemoryAnswer);

async function work({ work, dir, stateRoot }: MemoryQuestion): Promise<void> {
  if (work === 'snapshot') valueOf(await createSnapshotStore({ stateRoot }).take(dir));
  if (work === 'payload') {
    const snapshot = { dir, hash: '0'.repeat(64), sourceRoot: dir };
    const request = payloadRequest('directory', snapshot);
    for (const expected of ['built', 'reused']) {
      const { reused } = valueOf(await createPayloadStore({ stateRoot }).prepare(request));
      if (reused !== (expected === 'reused')) throw new Error(`the payload was not ${expected}`);
    }
  }
}
