import type { KeyInput } from '@pikaci/model';
import { createHash } from 'node:crypto';

/** How payloads are built and keyed. A change that makes old payloads wrong is a change of this text. */
export const builderVersion = 'pikaci-payload-2';

/**
 * The content key: sha256 over all inputs in their order. Each name and each value is preceded by its length in bytes,
 * so that no two lists of inputs are the same bytes.
 */
export function contentKey(inputs: readonly KeyInput[]): string {
  const hash = createHash('sha256');
  for (const { name, value } of inputs) hash.update(framed(name)).update(framed(value));
  return hash.digest('hex');
}

function framed(text: string): string {
  return `${Buffer.byteLength(text)}:${text}`;
}
