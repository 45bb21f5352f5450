import { TextDecoder } from 'node:util';

/**
 * A decoder for an XML document by its first bytes: a byte order mark, else the encoding that its declaration names, else
 * UTF-8. Bytes that are not of the encoding become replacement characters: what a test prints may be anything.
 *
 * @returns no decoder for an encoding that is not known
 */
export function xmlDecoder(head: Uint8Array): {
  readonly decoder: TextDecoder | null;
  readonly encoding: string;
} {
  const encoding = markedEncoding(head) ?? declaredEncoding(head) ?? 'utf-8';
  try {
    return { decoder: new TextDecoder(encoding), encoding };
  } catch {
    return { decoder: null, encoding };
  }
}

function markedEncoding([first, second, third]: Uint8Array): string | null {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return first === 0xff && second === 0xfe ? 'utf-16le' : null;
}

/** A declaration is in ASCII, whatever follows it; in UTF-16 there is a mark before it. */
function declaredEncoding(head: Uint8Array): string | null {
  const text = Buffer.from(head.subarray(0, 200)).toString('latin1');
  const declaration = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"'>]{1,40})["']/.exec(text);
  return declaration?.[1] ?? null;
}
