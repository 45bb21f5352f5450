/**
 * Bytes that are left as they are: by encodeURIComponent, RFC 3986, HTML forms, where a path is encoded, by encodeURI,
 * and by the URL standard in a user's password and in a query.
 */
const keptBytes = [
  /[\w\-.!~*'()]/,
  /[\w\-.~]/,
  /[\w\-.*]/,
  /[\w\-.~/]/,
  /[\w\-.!~*'();/?:@&=+$,#]/,
  /[\w\-.!~*'()$%&+,]/,
  /[!$-&(-;=?-~]/,
];

/** The percent-encodings of some bytes, with upper-case and lower-case digits, and a space as `%20` and as `+`. */
export function urlForms(bytes: Buffer): readonly string[] {
  return keptBytes.flatMap((kept) => {
    const upper = percentEncoded(bytes, kept);
    const both = [upper, upper.replace(/%../g, (code) => code.toLowerCase())];
    return both.flatMap((text) => [text, text.replaceAll('%20', '+')]);
  });
}

function percentEncoded(bytes: Buffer, kept: RegExp): string {
  return Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte);
    if (kept.test(character)) return character;
    return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}
