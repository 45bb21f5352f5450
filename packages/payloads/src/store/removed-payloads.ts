import { writeFileAtomically } from '@pikaci/host';
import { removedPayloadRecordCodec, type RemovedPayloadRecord } from '@pikaci/model';
import { removedPayloadsDirectory } from '@pikaci/paths';
import { mkdir, readdir, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { readKeyInputs } from './key-inputs-file.js';

/** How many removed payloads are remembered: enough to explain the misses of some weeks. */
const mostRemembered = 64;
/** Most bytes that one may take, compressed: the inputs of some 20,000 files. */
const mostBytes = 1024 * 1024;

const suffix = '.json.gz';

/** Remembers a payload that is about to be removed, and forgets the oldest ones. Best effort: it only explains. */
export async function rememberRemoved(
  stateRoot: string,
  memory: Omit<RemovedPayloadRecord, 'keyInputs'>,
): Promise<void> {
  const directory = removedPayloadsDirectory(stateRoot);
  await mkdir(directory, { recursive: true });
  const inputs = await readKeyInputs(stateRoot, memory.contentKey);
  const whole = await packed({ ...memory, keyInputs: inputs.ok ? [...inputs.value] : null });
  const bytes = whole.length <= mostBytes ? whole : await packed({ ...memory, keyInputs: null });
  await writeFileAtomically(join(directory, `${memory.contentKey}${suffix}`), bytes);
  await forgetOldest(directory);
}

/** Forgets that a payload was removed, as it is there again. */
export async function forgetRemoved(stateRoot: string, contentKey: string): Promise<void> {
  await unlink(memoryFile(stateRoot, contentKey)).catch(() => undefined);
}

/** What is remembered of a removed payload; null when nothing is. */
export async function recallRemoved(
  stateRoot: string,
  contentKey: string,
): Promise<RemovedPayloadRecord | null> {
  return readMemory(memoryFile(stateRoot, contentKey));
}

/** All that is remembered of removed payloads, in no order. What cannot be read is left out. */
export async function listRemoved(stateRoot: string): Promise<readonly RemovedPayloadRecord[]> {
  const directory = removedPayloadsDirectory(stateRoot);
  const names = await readdir(directory).catch(() => []);
  const files = names.filter(isMemory).map((name) => join(directory, name));
  const found = await Promise.all(files.map(readMemory));
  return found.filter((record) => record !== null);
}

const isMemory = (name: string) => name.endsWith(suffix) && !name.startsWith('.');

function memoryFile(stateRoot: string, contentKey: string): string {
  return join(removedPayloadsDirectory(stateRoot), `${contentKey}${suffix}`);
}

function packed(record: RemovedPayloadRecord): Promise<Buffer> {
  return promisify(gzip)(JSON.stringify(removedPayloadRecordCodec.encode(record)));
}

async function readMemory(file: string): Promise<RemovedPayloadRecord | null> {
  try {
    const text = (await promisify(gunzip)(await readFile(file))).toString('utf8');
    const decoded = removedPayloadRecordCodec.decode(JSON.parse(text), file);
    return decoded.ok ? decoded.value : null;
  } catch {
    return null;
  }
}

async function forgetOldest(directory: string): Promise<void> {
  const names = (await readdir(directory)).filter(isMemory);
  if (names.length <= mostRemembered) return;
  const aged = await Promise.all(
    names.map(async (name) => {
      const path = join(directory, name);
      return { path, time: (await stat(path).catch(() => null))?.mtimeMs ?? 0 };
    }),
  );
  aged.sort((a, b) => a.time - b.time);
  for (const { path } of aged.slice(0, -mostRemembered)) await unlink(path).catch(() => undefined);
}
