import { randomBytes } from 'node:crypto';
import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, runRequestRecordCodec, type Outcome, type RunRequestRecord } from '@pikaci/model';
import type { RunLayout } from '@pikaci/paths';
import { attempt } from './file-failure.js';
import { makeDirectory } from './make-directory.js';
import { decodeText, readText } from './read-record.js';
import { replaceFile } from './replace-file.js';
import type { StoreMachine } from './store-machine.js';

/** How often a running run looks for requests: soon enough for a person who waits. */
export const requestIntervalMs = 200;

/** Leaves a request for the process that owns a run, whole or not at all. */
export async function leaveRequest(
  layout: RunLayout,
  request: RunRequestRecord,
): Promise<Outcome<void>> {
  // The time first: names in their order are requests in theirs.
  const name = `${request.requestedAt.replace(/[^0-9TZ]/g, '')}-${randomBytes(6).toString('hex')}.json`;
  const file = join(layout.requestsDir, name);
  const detail = { message: `The request to run ${layout.runId} cannot be written`, file };
  return attempt(detail, async () => {
    await makeDirectory(layout.requestsDir);
    await replaceFile(file, `${JSON.stringify(runRequestRecordCodec.encode(request), null, 2)}\n`);
  });
}

/** Takes the requests that are there, in their order. A file that is no request is taken away as well. */
export async function takeRequests(layout: RunLayout): Promise<readonly RunRequestRecord[]> {
  const names = await readdir(layout.requestsDir).catch((): string[] => []);
  const taken: RunRequestRecord[] = [];
  for (const name of names.filter((one) => /^[^.].*\.json$/.test(one)).sort()) {
    const file = join(layout.requestsDir, name);
    const request = await readRequest(file);
    await unlink(file).catch(() => undefined);
    if (request.ok && request.value !== null) taken.push(request.value);
  }
  return taken;
}

async function readRequest(file: string): Promise<Outcome<RunRequestRecord | null>> {
  const text = await readText(file);
  if (!text.ok) return text;
  return text.value === null ? ok(null) : decodeText(text.value, runRequestRecordCodec, file);
}

/** Looks for requests again and again, until it is stopped. Never two looks at once. */
export class RequestInbox {
  readonly #layout: RunLayout;
  readonly #listeners = new Set<(request: RunRequestRecord) => void>();
  readonly #stop: () => void;
  #looking: Promise<void> | null = null;

  constructor(layout: RunLayout, machine: Pick<StoreMachine, 'repeat'>) {
    this.#layout = layout;
    this.#stop = machine.repeat(() => void this.look(), requestIntervalMs);
  }

  /** Hears of the requests that are there, and of later ones. */
  listen(listener: (request: RunRequestRecord) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when all who listen have heard of what was there. Without listeners requests stay where they are. */
  look(): Promise<void> {
    this.#looking ??= this.#deliver().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  stop(): void {
    this.#stop();
    this.#listeners.clear();
  }

  async #deliver(): Promise<void> {
    if (this.#listeners.size === 0) return;
    for (const request of await takeRequests(this.#layout)) {
      for (const listener of this.#listeners) listener(request);
    }
  }
}
