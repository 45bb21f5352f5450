import { writeFileAtomically } from '@pikaci/host';
import type { KeyInput, Snapshot } from '@pikaci/model';
import { payloadDecisionsDirectory, snapshotEntriesFile } from '@pikaci/paths';
import { lstat, mkdir, readdir, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { SnapshotInputs } from '../payload-kind.js';
import { contentKey } from './content-key.js';

/** What a decision is made of. */
export interface DecisionPlace {
  /** Absolute path. */
  readonly stateRoot: string;
  readonly snapshot: Pick<Snapshot, 'dir' | 'hash'>;
  /** Everything else that the key covers. */
  readonly keyInputs: readonly KeyInput[];
  readonly globs: readonly string[];
}

/** How many decisions are kept: far more than snapshots and payloads in use, and a directory that is read in no time. */
const mostDecisions = 1000;
const contentKeyPattern = /^[0-9a-f]{64}$/;

/**
 * Where it is remembered which content key a payload has for a snapshot: a small file, named by the snapshot's hash and
 * all else that the key covers. So a payload that is in the store is found without a look at the snapshot's files,
 * however many they are. Null for payloads that are not made of such files.
 */
export function decisionPlace(
  place: Pick<DecisionPlace, 'stateRoot' | 'snapshot' | 'keyInputs'>,
  snapshotInputs: SnapshotInputs | null,
): DecisionPlace | null {
  return snapshotInputs === null ? null : { ...place, globs: snapshotInputs.globs };
}

/** The content key that was found for this before; null when there was none. The payload may be gone meanwhile. */
export async function readDecision(place: DecisionPlace): Promise<string | null> {
  const text = await readFile(decisionFile(place), 'latin1').catch(() => '');
  return contentKeyPattern.test(text) ? text : null;
}

/** Remembers a content key. Best effort: without it the next run looks at the snapshot's files once more. */
export async function writeDecision(place: DecisionPlace, contentKey: string): Promise<void> {
  // A tree that was made by hand may change under its hash.
  if ((await lstat(snapshotEntriesFile(place.snapshot.dir)).catch(() => null)) === null) return;
  const directory = payloadDecisionsDirectory(place.stateRoot);
  try {
    await mkdir(directory, { recursive: true });
    await removeOldest(directory);
  } catch {
    return;
  }
  await writeFileAtomically(decisionFile(place), contentKey);
}

function decisionFile({ stateRoot, snapshot, keyInputs, globs }: DecisionPlace): string {
  const name = contentKey([
    { name: 'snapshot', value: snapshot.hash },
    ...keyInputs,
    ...globs.map((glob) => ({ name: 'glob', value: glob })),
  ]);
  return join(payloadDecisionsDirectory(stateRoot), name);
}

/** Makes room for half as many as there may be, when there are too many. */
async function removeOldest(directory: string): Promise<void> {
  const names = await readdir(directory);
  if (names.length < mostDecisions) return;
  const aged = await Promise.all(
    names.map(async (name) => {
      const path = join(directory, name);
      return {
        path,
        ms: await stat(path).then(
          ({ mtimeMs }) => mtimeMs,
          () => 0,
        ),
      };
    }),
  );
  aged.sort((a, b) => b.ms - a.ms);
  for (const { path } of aged.slice(mostDecisions / 2)) await unlink(path).catch(() => undefined);
}
