type Scalar = bigint | Buffer;

/** A Protocol Buffers message of which the meaning is not known: what each field number holds, in order. */
export class WireMessage {
  readonly #fields = new Map<number, Scalar[]>();

  constructor(bytes: Buffer) {
    const reader = new Reader(bytes);
    while (!reader.isAtEnd) {
      const tag = Number(reader.varint());
      const values = this.#fields.get(tag >> 3) ?? [];
      values.push(valueOf(reader, tag & 7));
      this.#fields.set(tag >> 3, values);
    }
  }

  has(field: number): boolean {
    return this.#fields.has(field);
  }

  /** The last value, as Protocol Buffers has it; 0 for none. */
  integer(field: number): bigint {
    const value = this.#fields.get(field)?.at(-1) ?? 0n;
    if (typeof value !== 'bigint') throw new Error(`field ${field} is no integer`);
    return value;
  }

  /** A field of 64 bits, read as a floating point number. */
  double(field: number): number {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(this.integer(field));
    return bytes.readDoubleLE();
  }

  bytes(field: number): Buffer {
    const value = this.#fields.get(field)?.at(-1) ?? Buffer.alloc(0);
    if (typeof value === 'bigint') throw new Error(`field ${field} is no sequence of bytes`);
    return value;
  }

  text(field: number): string {
    return this.bytes(field).toString();
  }

  message(field: number): WireMessage {
    return new WireMessage(this.bytes(field));
  }

  messages(field: number): readonly WireMessage[] {
    return (this.#fields.get(field) ?? []).map((value) => {
      if (typeof value === 'bigint') throw new Error(`field ${field} is no message`);
      return new WireMessage(value);
    });
  }
}

function valueOf(reader: Reader, wireType: number): Scalar {
  switch (wireType) {
    case 0:
      return reader.varint();
    case 1:
      return reader.take(8).readBigUInt64LE();
    case 2:
      return reader.take(Number(reader.varint()));
    case 5:
      return BigInt(reader.take(4).readUInt32LE());
    default:
      throw new Error(`unknown wire type ${wireType}`);
  }
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  take(count: number): Buffer {
    if (this.#at + count > this.#bytes.length) throw new Error('the message is cut off');
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = BigInt(this.take(1).readUInt8());
      value |= (byte & 0x7fn) << shift;
      if (byte < 0x80n) return value;
    }
  }
}
