import { base64Forms } from './base64-forms.js';
import { jsonForms } from './json-forms.js';
import { quotedForms } from './quoted-forms.js';
import { urlForms } from './url-forms.js';

/** Fewest bytes that are looked for: what is shorter is everywhere, and masking it makes logs unreadable. */
export const shortestNeedle = 4;

/** Most bytes that are looked for at once, and so, nearly, that a stream holds back. What is longer is cut. */
export const longestNeedle = 1024;

/** Begins and ends every key of its kind: no secret. */
const pemArmour = /^-----(BEGIN|END) [A-Z0-9 ]+-----$/;

/** The bytes that give a secret away: all forms of the value, and of each of its lines. None when it is too short. */
export function needlesOf(value: string): readonly Buffer[] {
  if (!isMaskable(value)) return [];
  const needles = new Map<string, Buffer>();
  for (const form of partsOf(value).flatMap(formsOf)) {
    for (const piece of pieces(Buffer.from(form))) needles.set(piece.toString('latin1'), piece);
  }
  return [...needles.values()];
}

/** False for a value that is too short to be looked for, or is nothing but white space. */
export function isMaskable(value: string): boolean {
  return Buffer.byteLength(value.trim()) >= shortestNeedle;
}

/** The value, also with the other kind of line ends; and its lines, without what they are indented by. */
function partsOf(value: string): string[] {
  const lines = value.split(/\r\n|\n|\r/).map((line) => line.trim());
  if (lines.length === 1) return [value];
  const unix = value.replaceAll('\r\n', '\n');
  const secret = lines.filter((line) => isMaskable(line) && !pemArmour.test(line));
  return [value, unix, unix.replaceAll('\n', '\r\n'), ...secret];
}

function formsOf(part: string): string[] {
  const bytes = Buffer.from(part);
  return [
    part,
    ...jsonForms(part),
    ...quotedForms(part),
    ...urlForms(bytes),
    ...base64Forms(bytes),
  ];
}

/** Each piece is looked for by itself; together they cover all of it. */
function pieces(bytes: Buffer): Buffer[] {
  if (bytes.length < shortestNeedle) return [];
  const cut: Buffer[] = [];
  for (let start = 0; start + longestNeedle < bytes.length; start += longestNeedle) {
    cut.push(bytes.subarray(start, start + longestNeedle));
  }
  return [...cut, bytes.subarray(-longestNeedle)];
}
