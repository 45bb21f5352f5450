/** Line lengths of encoders: MIME and the program `base64`, and PEM. */
const lineLengths = [76, 64];

/** Shorter last lines are found with the lines before them alone: by themselves they would be found everywhere. */
const shortestLine = 16;

/**
 * What of the base64 of any data with these bytes in it is determined by these bytes alone, for the three ways in which
 * they can lie to the groups of three; and the base64 of these bytes alone, and with a line end, as encoders break it
 * into lines. Without padding. Bytes in the middle of data that is broken into lines are found in no line that they share
 * with other data.
 */
export function base64Forms(bytes: Buffer): readonly string[] {
  const withinData = [0, 1, 2].map((offset) => determinedPart(bytes, offset));
  const alone = [bytes, Buffer.concat([bytes, Buffer.from('\n')])].map(unpadded);
  const standard = [...withinData, ...alone, ...alone.flatMap(brokenIntoLines)];
  return standard.flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')]);
}

/** Six bits a character: of the first and the last one, some may belong to a neighbour. */
function determinedPart(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  const first = Math.ceil((offset * 8) / 6);
  const end = Math.floor(((offset + bytes.length) * 8) / 6);
  return text.slice(first, end);
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

function brokenIntoLines(text: string): string[] {
  return lineLengths.flatMap((length) => {
    if (text.length <= length) return [];
    const lines = text.match(new RegExp(`.{1,${length}}`, 'g')) ?? [];
    const long = lines.filter((line) => line.length >= shortestLine);
    return [...long, lines.join('\n'), lines.join('\r\n')];
  });
}
