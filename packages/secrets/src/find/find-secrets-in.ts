import { constants, type Stats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { systemErrorCode } from '@pikaci/host';
import type { FoundSecret } from '@pikaci/model';
import { longestNeedle } from '../forms/needles-of.js';
import { secretAutomaton, type NamedSecret } from '../masker/create-masker.js';
import { scanNeedles } from '../masker/needle-scan.js';

/** Read at a time. With what is kept of the bytes before, all that a search needs of memory, however large the file. */
const readBytes = 1024 * 1024;

/**
 * Says which files hold which secrets, in any form that a masker would mask; a needle of a secret of several lines may be
 * one of its lines. Archives and compressed files are not looked into. Only regular files; links are not followed.
 * @throws what the system throws when a file cannot be read; one that is gone is passed over
 */
export async function findSecretsIn(
  paths: readonly string[],
  secrets: readonly NamedSecret[],
): Promise<readonly FoundSecret[]> {
  const search = secretAutomaton(secrets);
  if (search.automaton === null) return [];
  const found: FoundSecret[] = [];
  for (const path of paths) {
    const names = await namesIn(path, search);
    found.push(...[...names].sort().map((secret) => ({ path, secret })));
  }
  return found;
}

type Search = ReturnType<typeof secretAutomaton>;

async function namesIn(path: string, search: Search): Promise<ReadonlySet<string>> {
  const file = await openFile(path);
  if (file === null) return new Set();
  try {
    return (await file.stat().then(isRegular)) ? await searchFile(file, search) : new Set();
  } finally {
    await file.close();
  }
}

/** Null for what is gone or a link; opening a pipe does not wait for somebody who writes. */
async function openFile(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (['ENOENT', 'ELOOP', 'ENXIO'].includes(systemErrorCode(error) ?? '')) return null;
    throw error;
  }
}

const isRegular = (stats: Stats): boolean => stats.isFile();

async function searchFile(file: FileHandle, search: Search): Promise<ReadonlySet<string>> {
  const { automaton, names } = search;
  const found = new Set<string>();
  if (automaton === null) return found;
  const seen = new Set<number>();
  const take = (_start: number, _end: number, state: number): void => {
    if (seen.has(state)) return;
    seen.add(state);
    for (const needle of automaton.needlesAt(state)) {
      for (const name of names[needle] ?? []) found.add(name);
    }
  };
  const buffer = Buffer.alloc(longestNeedle + readBytes);
  let state = 0;
  let held = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, held, readBytes);
    if (bytesRead === 0) return found;
    const bytes = buffer.subarray(0, held + bytesRead);
    state = scanNeedles(automaton, bytes, held, state, take);
    held = automaton.depths[state] ?? 0;
    buffer.copyWithin(0, bytes.length - held, bytes.length);
  }
}
