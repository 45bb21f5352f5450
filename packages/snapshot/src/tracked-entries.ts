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
}

type Lists = { -readonly [Name in keyof TrackedEntries]: Buffer[] };

/** `<tag> 160000 …` */
const repositoryMode = Buffer.from('160000');
const tab = 0x09;
const lowerCase = 0x20;
const [tagModified, tagSkipped] = [0x43, 0x53];

/** Where the mode stands in a line, and from where on the tab is looked for: behind tag, mode and object. */
const modeAt = 2;
const objectEnd = modeAt + 7 + 40;

/**
 * Reads `git ls-files -c -m -v -s -z`: a letter, the mode, the object, the stage, a tab, the path; modified files come
 * twice. Only what is special is kept, for there may be a million of them.
 */
export function readTrackedEntries(
  output: Buffer,
  isExcluded: (path: Buffer) => boolean,
): TrackedEntries {
  const lists: Lists = {
    assumedUnchanged: [],
    skipped: [],
    modified: [],
    repositories: [],
    movedRepositories: [],
    excluded: [],
  };
  let start = 0;
  for (let end = output.indexOf(0); end !== -1; end = output.indexOf(0, start)) {
    const path = output.subarray(output.indexOf(tab, start + objectEnd) + 1, end);
    addEntry(lists, output, start, path, isExcluded(path));
    start = end + 1;
  }
  return lists;
}

function addEntry(
  lists: Lists,
  output: Buffer,
  start: number,
  path: Buffer,
  excluded: boolean,
): void {
  const letter = output[start] ?? 0;
  const tag = letter & ~lowerCase;
  const modeStart = start + modeAt;
  const isRepository = output.compare(repositoryMode, 0, 6, modeStart, modeStart + 6) === 0;
  if (tag === tagModified) {
    if (excluded) return;
    (isRepository ? lists.movedRepositories : lists.modified).push(path);
    return;
  }
  if (excluded) lists.excluded.push(path);
  else if (isRepository) lists.repositories.push(path);
  if (letter !== tag) lists.assumedUnchanged.push(path);
  if (tag === tagSkipped) lists.skipped.push(path);
}
