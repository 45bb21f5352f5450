import { mkdirSync } from 'node:fs';

const slash = 0x2f;

/** The bytes that a path of a recipe stands for: `%FF` is one byte, everything else is UTF-8. */
export function recipeBytes(text: string): Buffer {
  const parts = text.split(/(%[0-9A-Fa-f]{2})/);
  return Buffer.concat(
    parts.map((part, index) =>
      index % 2 === 1 ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part),
    ),
  );
}

/** The absolute path of an entry of a recipe. Makes the directories on the way to it. */
export function recipePath(root: string, path: string): Buffer {
  const absolute = Buffer.concat([Buffer.from(`${root}/`), recipeBytes(path)]);
  mkdirSync(absolute.subarray(0, absolute.lastIndexOf(slash)), { recursive: true });
  return absolute;
}
