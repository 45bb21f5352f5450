import { neutraliseText } from '../output/neutralise.js';

/** The first line of somebody else's text, made safe to show, with a mark where there is more. */
export function firstLine(text: string): string {
  const [first = '', ...more] = neutraliseText(text).trim().split('\n');
  return more.length === 0 ? first : `${first} …`;
}
