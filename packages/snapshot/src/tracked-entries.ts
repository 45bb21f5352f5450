import type { ExclusionTest } from './tree-scope.js';

/** What a repository's index has that needs a second look, and what differs from it in the work tree. */
export interface TrackedEntries {
  /** Git was told to take them for unchanged. */
  readonly assumedUnchanged: readonly Buffer[];
  /** Git was told not to look for them. */
  readonly skipped: readonly Buffer[];
  /** Files whose content, mode or kind is another, or that are gone; what does not count is not among them. */
  readonly modified: readonly Buffer[];
  /** Repositories inside, which git records by their commit alone. */
  readonly repositories: readonly Buffer[];
  /** Those whose commit is another, or that are gone. */
  readonly movedRepositories: readonly Buffer[];
  /** Tracked, but they do not count. */
  readonly excluded: readonly Buffer[];
  /** Sides of a merge that was not finished. */
  readonly unmerged: readonly Buffer[];
}

/** The entries of an index of which nothing else is to be said than which files are modified. */
export function plainEntries(modified: readonly Buffer[]): TrackedEntries {
  return { ...noEntries(), modified };
}

/** True for entries of which nothing else is to be said than which are modified, now or after any change of files. */
export function isPlain(entries: TrackedEntries): boolean {
  return Object.values({ ...entries, modified: [] }).every((paths) => paths.length === 0);
}

function noEntries(): Lists {
  return {
    assumedUnchanged: [],
    skipped: [],
    modified: [],
    repositories: [],
    movedRepositories: [],
    excluded: [],
    unmerged: [],
  };
}

type Lists = { -readonly [Name in keyof TrackedEntries]: Buffer[] };

const tab = 0x09;
const lowerCase = 0x20;
const [tagModified, tagSkipped] = [0x43, 0x53];

/** The mode stands behind tag and space; that of a repository is 160000, and no other begins like it. */
const secondOfMode = 3;
const repositorySecond = 0x36;

/** Reads entries as they come. */
export interface TrackedEntriesReader {
  readonly add: (chunk: Uint8Array) => void;
  /** Null when the last entry is torn: then there may be more that did not come. */
  readonly end: () => TrackedEntries | null;
}

/**
 * Reads `git ls-files -c -m -v -s -z`: a letter, the mode, the object, the stage, a tab, the path; modified files come
 * twice. Only what is special is kept, for there may be a million of them.
 */
export function trackedEntriesReader(isExcluded: ExclusionTest): TrackedEntriesReader {
  const lists = noEntries();
  let rest = Buffer.alloc(0);
  return {
    add: (chunk) => {
      const bytes = rest.length === 0 ? asBuffer(chunk) : Buffer.concat([rest, chunk]);
      const read = readEntries(lists, bytes, isExcluded);
      rest = Buffer.from(bytes.subarray(read));
    },
    end: () => (rest.length === 0 ? lists : null),
  };
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** Reads all whole entries, and returns how many bytes those are. */
function readEntries(lists: Lists, bytes: Buffer, isExcluded: ExclusionTest): number {
  // All objects have names of one length, so every path begins as far behind the start as the first one.
  const pathAt = bytes.indexOf(tab) + 1;
  let start = 0;
  for (let end = bytes.indexOf(0); end !== -1; end = bytes.indexOf(0, start + pathAt)) {
    const excluded = isExcluded(bytes, start + pathAt, end);
    const letter = bytes[start] ?? 0;
    const isRepository = bytes[start + secondOfMode] === repositorySecond;
    const isUnmerged = bytes[start + pathAt - 2] !== stageOfAll;
    if (letter !== tagCached || isRepository || isUnmerged || excluded) {
      // A copy, or it would keep all that came with it.
      const path = Buffer.from(bytes.subarray(start + pathAt, end));
      addEntry(lists, path, { letter, isRepository, isUnmerged, excluded });
    }
    start = end + 1;
  }
  return start;
}

/** Of a file of which there is nothing else to say. */
const tagCached = 0x48;
/** `0`, which stands before the tab; the sides of a merge are 1 to 3. */
const stageOfAll = 0x30;

interface EntryFacts {
  readonly letter: number;
  readonly isRepository: boolean;
  readonly isUnmerged: boolean;
  readonly excluded: boolean;
}

function addEntry(
  lists: Lists,
  path: Buffer,
  { letter, isRepository, isUnmerged, excluded }: EntryFacts,
): void {
  const tag = letter & ~lowerCase;
  if (tag === tagModified) {
    if (excluded) return;
    (isRepository ? lists.movedRepositories : lists.modified).push(path);
    return;
  }
  if (isUnmerged) lists.unmerged.push(path);
  if (excluded) lists.excluded.push(path);
  else if (isRepository) lists.repositories.push(path);
  if (letter !== tag) lists.assumedUnchanged.push(path);
  if (tag === tagSkipped) lists.skipped.push(path);
}
