import { stackPlaces } from './stack-places.js';

/** What a configuration module threw, on one line, with the place when it was thrown by another file of the workspace. */
export function scriptErrorText(error: unknown, file: string): string {
  const text = firstLine(error instanceof Error ? error.message : String(error));
  const origin = stackPlaces(error)[0];
  if (origin === undefined || origin.file === file) return text;
  return `${text} (at ${origin.file}:${origin.line}:${origin.column})`;
}

/** Later lines are a stack, or a list of the files that led there. */
function firstLine(text: string): string {
  // The translator of TypeScript begins so when it cannot read a file.
  const line = (text.split('\n')[0] ?? '').replace(/^ParseError: /, '');
  return line.trim().replace(/\.$/, '');
}
