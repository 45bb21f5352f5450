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

/** Entries as `git update-index -z --index-info` reads them: mode, object, a tab, the path. */
export function formatIndexInfo(entries: readonly SnapshotEntry[]): Buffer {
  return joinRecords(
    entries.map(({ mode, object, path }) =>
      Buffer.concat([Buffer.from(`${mode} ${object}\t`), path]),
    ),
  );
}
