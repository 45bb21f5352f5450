/** How much of a text is kept. */
export interface TextLimits {
  readonly lines: number;
  readonly characters: number;
}

/** The beginning of a text, with a mark where more was. No character is cut in two. */
export function cutText(text: string, { lines, characters }: TextLimits): string {
  const all = text.split('\n');
  const kept = all.slice(0, lines).join('\n');
  const fits = kept.length <= characters;
  const cut = fits ? kept : kept.slice(0, characters).replace(/[\ud800-\udbff]$/, '');
  return fits && all.length <= lines ? kept : `${cut} …`;
}
