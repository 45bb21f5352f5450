/** The value of a field: an integer, or the bytes of a text or message. */
type FieldValue = bigint | Buffer;

/**
 * The fields of a Protocol Buffers message by their numbers, the last value of each. What cannot be read ends the message:
 * it comes from elsewhere, and nothing depends on it.
 */
export function readFields(bytes: Buffer): ReadonlyMap<number, FieldValue> {
  const fields = new Map<number, FieldValue>();
  let rest = bytes;
  while (rest.length > 0) {
    const tag = readVarint(rest);
    const read = tag === null ? null : readValue(Number(tag.value & 7n), rest.subarray(tag.length));
    if (tag === null || read === null) break;
    fields.set(Number(tag.value >> 3n), read.value);
    rest = rest.subarray(tag.length + read.length);
  }
  return fields;
}

interface Read<T> {
  readonly value: T;
  /** Bytes that it takes. */
  readonly length: number;
}

function readValue(wireType: number, bytes: Buffer): Read<FieldValue> | null {
  switch (wireType) {
    case 0:
      return readVarint(bytes);
    case 1:
      return bytes.length < 8 ? null : { value: bytes.readBigUInt64LE(), length: 8 };
    case 2:
      return readBytes(bytes);
    case 5:
      return bytes.length < 4 ? null : { value: BigInt(bytes.readUInt32LE()), length: 4 };
    default:
      return null;
  }
}

function readBytes(bytes: Buffer): Read<Buffer> | null {
  const size = readVarint(bytes);
  if (size === null || size.value > BigInt(bytes.length - size.length)) return null;
  const length = size.length + Number(size.value);
  return { value: bytes.subarray(size.length, length), length };
}

/** Bytes of the longest integer, which has 64 bits. */
const longestVarint = 10;

function readVarint(bytes: Buffer): Read<bigint> | null {
  let value = 0n;
  for (const [index, byte] of bytes.subarray(0, longestVarint).entries()) {
    value |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte < 0x80) return { value: BigInt.asUintN(64, value), length: index + 1 };
  }
  return null;
}
