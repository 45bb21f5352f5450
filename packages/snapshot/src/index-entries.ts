import type { SnapshotEntry } from '@pikaci/paths';

/** Splits the output of `git … -z` into its records: bytes, because names may be in any encoding. */
export function splitRecords(output: Buffer): Buffer[] {
  const records: Buffer[] = [];
  let start = 0;
  for (let end = output.indexOf(0); end !== -1; end = output.indexOf(0, start)) {
    records.push(output.subarray(start, end));
    start = end + 1;
  }
  return records;
}

/** Puts records together again, as `git … -z --stdin` reads them. */
export function joinRecords(records: readonly Buffer[]): Buffer {
  const nul = Buffer.from([0]);
  return Buffer.concat(records.flatMap((record) => [record, nul]));
}

/** An entry of `git ls-files -v`: whether git was told not to look at the file. */
export interface FlaggedEntry {
  readonly path: Buffer;
  readonly assumedUnchanged: boolean;
  readonly skipped: boolean;
}

/** Reads `git ls-files -v -z`: a letter, a space, the path. */
export function parseFlagged(output: Buffer): FlaggedEntry[] {
  return splitRecords(output).map((record) => {
    const tag = record.toString('latin1', 0, 1);
    return {
      path: record.subarray(2),
      assumedUnchanged: tag !== tag.toUpperCase(),
      skipped: tag.toUpperCase() === 'S',
    };
  });
}

/** An entry of `git ls-files --stage`. */
export interface StagedEntry {
  readonly path: Buffer;
  /** A repository of its own, which git records by its commit alone. */
  readonly isRepository: boolean;
  /** One side of a merge that was not finished. */
  readonly isUnmerged: boolean;
}

/** Reads `git ls-files --stage -z`: mode, object, stage, a tab, the path. */
export function parseStaged(output: Buffer): StagedEntry[] {
  return splitRecords(output).map((record) => {
    const tab = record.indexOf('\t');
    const head = record.toString('latin1', 0, tab);
    return {
      path: record.subarray(tab + 1),
      isRepository: head.startsWith('160000 '),
      isUnmerged: !head.endsWith(' 0'),
    };
  });
}

/** Entries as `git update-index -z --index-info` reads them: mode, object, a tab, the path. */
export function formatIndexInfo(entries: readonly SnapshotEntry[]): Buffer {
  return joinRecords(
    entries.map(({ mode, object, path }) =>
      Buffer.concat([Buffer.from(`${mode} ${object}\t`), path]),
    ),
  );
}
