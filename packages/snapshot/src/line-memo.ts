import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A small file with one line, which may be lost or torn at any time: what it says is only ever a short cut. */
export interface LineMemo {
  /** The file's text; empty when it cannot be read. */
  readonly read: () => Promise<string>;
  /** Notes the line that is to be kept. */
  readonly note: (line: string) => void;
  /** Keeps what was noted, as well as it goes. */
  readonly keep: () => Promise<void>;
}

/** @param file its directory is made when something is kept */
export function createLineMemo(file: string): LineMemo {
  let noted: string | null = null;
  return {
    read: () => readFile(file, 'latin1').catch(() => ''),
    note: (line) => {
      noted = `${line}\n`;
    },
    keep: async () => {
      if (noted === null) return;
      const text = noted;
      // One short write: a reader sees all of it or a part, which it does not take for a whole.
      await mkdir(dirname(file), { recursive: true })
        .then(() => writeFile(file, text))
        .catch(() => undefined);
    },
  };
}
