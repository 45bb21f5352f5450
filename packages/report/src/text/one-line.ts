import { neutraliseText } from '../output/neutralise.js';

/** Somebody else's text on one line, made safe to show. */
export function oneLine(text: string): string {
  return neutraliseText(text).replaceAll('\n', ' ');
}
