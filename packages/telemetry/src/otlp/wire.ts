/** Parts of a Protocol Buffers message: fields with their numbers, in the wire format. */

const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** An integer field of up to 64 bits; negative ones in two's complement. */
export function varintField(field: number, value: bigint): Buffer {
  return Buffer.concat([tag(field, wireTypes.varint), varint(BigInt.asUintN(64, value))]);
}

/** A `fixed64` field. */
export function fixed64Field(field: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return Buffer.concat([tag(field, wireTypes.fixed64), bytes]);
}

/** A `double` field. */
export function doubleField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([tag(field, wireTypes.fixed64), bytes]);
}

/** A `fixed32` field. */
export function fixed32Field(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return Buffer.concat([tag(field, wireTypes.fixed32), bytes]);
}

/** A field of bytes. */
export function bytesField(field: number, value: Uint8Array): Buffer {
  const length = varint(BigInt(value.length));
  return Buffer.concat([tag(field, wireTypes.bytes), length, value]);
}

/** A field of text. */
export function textField(field: number, value: string): Buffer {
  return bytesField(field, Buffer.from(value));
}

/** A field that is a message of its own, made of its fields. */
export function messageField(field: number, parts: readonly Uint8Array[]): Buffer {
  return bytesField(field, Buffer.concat(parts));
}

function tag(field: number, wireType: number): Buffer {
  return varint(BigInt((field << 3) | wireType));
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
