import type { ReadTest } from './read-test.js';

/** What test runners say that have nothing to say. */
const saysNothing = /^(test )?(failed|failure|error)\W*$/i;
/** Lines of Go's test runner that frame what a test prints. */
const banner = /^(=== (RUN|PAUSE|CONT|NAME)|--- FAIL)\b/;

/** Why a test failed: what the report has as the message, else what is inside of the failure. Empty when it tells nothing. */
export function failureMessage({ message, text, type }: ReadTest): string {
  const told = message.trim();
  if (told !== '' && !saysNothing.test(told)) return told;
  const lines = text.split(/\r?\n/).filter((line) => !banner.test(line.trim()));
  const inside = lines.join('\n').trim();
  return inside === '' ? told || type.trim() : inside;
}
