import type { ReadTest } from './read-test.js';

/** A place in a file, as far as it is known. */
export interface FailurePlace {
  readonly file: string | null;
  readonly line: number | null;
}

const longestPath = 400;

/**
 * Where a test failed. The file is what the report has as one, else one that the failure's text names and that the test is
 * in, by its class or suite: test runners that tell no file call those by it. The line is that of the failure, else the
 * test's own.
 */
export function failurePlace(test: ReadTest): FailurePlace {
  const places = namedPlaces(`${test.message}\n${test.text}`);
  if (test.file !== '') {
    const file = test.file.replace(/^(\.\/)+/, '');
    const named = places.find(({ path }) => path === file || path.endsWith(`/${file}`));
    return { file, line: named?.line ?? positiveInteger(test.line) };
  }
  const panicked = panicPlace(test);
  if (panicked !== null) return panicked;
  const named = places.find(({ path }) => isOf(path, test));
  return { file: named?.path ?? null, line: named?.line ?? null };
}

/** Where a test in Rust panicked: that is where its assertion is, unless it is in a library, which has an absolute path. */
function panicPlace({ message, text }: ReadTest): FailurePlace | null {
  const [, file, line] =
    / panicked at ([^:\s/][^:\s]{0,400}):(\d+):\d+/.exec(message || text) ?? [];
  return file === undefined ? null : { file, line: positiveInteger(line) };
}

interface NamedPlace {
  readonly path: string;
  readonly line: number;
}

/** All that looks like `path:line`, whatever follows. */
function namedPlaces(text: string): readonly NamedPlace[] {
  return text.split(/[\s()'"<>[\]]+/).flatMap((word) => {
    if (word.length > longestPath) return [];
    const [, path = '', digits] = /^([^:]*\.\w+):(\d+)(?!\w)/.exec(word) ?? [];
    const line = positiveInteger(digits);
    return path === '' || line === null ? [] : [{ path: path.replace(/^(\.\/)+/, ''), line }];
  });
}

/** True for `tests/test_a.py` and the class `tests.test_a.TestB`, or for a file by whose very name class or suite go. */
function isOf(path: string, { className, suite }: ReadTest): boolean {
  if (path === className || path === suite) return true;
  const dotted = path.replace(/\.\w+$/, '').replaceAll('/', '.');
  return className === dotted || className.startsWith(`${dotted}.`);
}

function positiveInteger(text: string | undefined): number | null {
  const number = Number(text ?? '');
  return Number.isSafeInteger(number) && number > 0 ? number : null;
}
