/** One entry of a tar as bytes, well-formed or not: written by hand, as no tool writes what these tests need. */
export interface RawEntry {
  /** One character for each byte. */
  readonly name: string;
  /** `0` a file, `1` a hard link, `2` a link, `3` and `4` devices, `5` a directory, `6` a pipe, `x` and `L` names. */
  readonly flag?: string;
  readonly target?: string;
  readonly content?: string;
  readonly mode?: number;
}

/** A tar of these entries, with the two blocks of zeros at its end. */
export function tarBytes(entries: readonly RawEntry[]): Buffer {
  return Buffer.concat([...entries.map(entryBytes), Buffer.alloc(1024)]);
}

/** An extended header for the entry that follows. */
export function paxEntry(records: Readonly<Record<string, string>>): RawEntry {
  const content = Object.entries(records).map(([key, value]) => {
    const rest = ` ${key}=${value}\n`;
    let length = rest.length;
    while (`${length}`.length + rest.length !== length) length = `${length}`.length + rest.length;
    return `${length}${rest}`;
  });
  return { name: 'pax', flag: 'x', content: content.join('') };
}

function entryBytes({ name, flag = '0', target = '', content = '', mode }: RawEntry): Buffer {
  const header = Buffer.alloc(512);
  const octal = (value: number, length: number) => value.toString(8).padStart(length - 1, '0');
  header.write(name, 0, 100, 'latin1');
  header.write(octal(mode ?? (flag === '5' ? 0o755 : 0o644), 8), 100, 'latin1');
  header.write(octal(content.length, 12), 124, 'latin1');
  header.write(octal(1, 12), 136, 'latin1');
  header.write(`        ${flag}`, 148, 'latin1');
  header.write(target, 157, 100, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 7)}\0 `, 148, 'latin1');
  const body = Buffer.from(content, 'latin1');
  return Buffer.concat([header, body, Buffer.alloc(-body.length & 511)]);
}
