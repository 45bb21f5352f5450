import type { Style } from './style.js';

/** Lines with a heading, below an empty line; nothing when there are none. */
export function section(title: string, lines: readonly string[], style: Style): readonly string[] {
  return lines.length === 0 ? [] : ['', style.bold(title), ...lines];
}
