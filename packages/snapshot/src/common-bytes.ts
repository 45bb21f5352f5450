/** Compared at a time: most of two long lists is the same, and the system compares a block at once. */
const blockBytes = 4096;

/** How many bytes two buffers begin with alike. */
export function commonStart(a: Buffer, b: Buffer): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most) {
    const end = Math.min(length + blockBytes, most);
    if (a.compare(b, length, end, length, end) !== 0) break;
    length = end;
  }
  while (length < most && a[length] === b[length]) length += 1;
  return length;
}

/**
 * How many bytes two buffers end with alike.
 *
 * @param most no more than this are counted
 */
export function commonEnd(a: Buffer, b: Buffer, most: number): number {
  let length = 0;
  while (length < most) {
    const next = Math.min(length + blockBytes, most);
    const [aStart, bStart] = [a.length - next, b.length - next];
    if (a.compare(b, bStart, b.length - length, aStart, a.length - length) !== 0) break;
    length = next;
  }
  while (length < most && a[a.length - 1 - length] === b[b.length - 1 - length]) length += 1;
  return length;
}
