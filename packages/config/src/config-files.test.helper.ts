import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { SourcePosition } from './source/source-position.js';

/** A directory with these files, removed when the test ends. */
export async function directoryWith(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'pikaci-config-')));
  onTestFinished(() => rm(directory, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    const file = join(directory, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return directory;
}

/** Stands in the text of a test right before the place that a failure must name. */
const mark = '<!>';

/** A text without its mark, and the place of it. */
export function marked(text: string): { readonly text: string; readonly position: SourcePosition } {
  const [before, after, ...others] = text.split(mark);
  if (before === undefined || after === undefined || others.length > 0) {
    throw new Error(`A marked text has one ${mark}`);
  }
  const lines = before.split('\n');
  return {
    text: before + after,
    position: { line: lines.length, column: (lines.at(-1) ?? '').length + 1 },
  };
}
