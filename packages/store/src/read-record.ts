import { readFile } from 'node:fs/promises';
import { fail, ok, type Outcome, type RecordCodec } from '@pikaci/model';
import { attempt, isMissing } from './file-failure.js';

/** The newest version of the records that this program understands. */
const newestSchemaVersion = 1;

/** Reads a file; null when there is none. */
export function readText(file: string): Promise<Outcome<string | null>> {
  return attempt({ message: `The file ${file} cannot be read`, file }, async () => {
    try {
      return await readFile(file, 'utf8');
    } catch (thrown) {
      if (isMissing(thrown)) return null;
      throw thrown;
    }
  });
}

/** Reads and checks a JSON record; null when there is none. */
export async function readRecord<T>(
  file: string,
  codec: RecordCodec<T>,
): Promise<Outcome<T | null>> {
  const text = await readText(file);
  if (!text.ok || text.value === null) return text as Outcome<null>;
  return decodeText(text.value, codec, file);
}

/** Decodes the text of one JSON record. `line` is given for files that hold one record a line. */
export function decodeText<T>(
  text: string,
  codec: RecordCodec<T>,
  file: string,
  line?: number,
): Outcome<T> {
  const location = { file, ...(line === undefined ? {} : { line }) };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    return fail('infrastructure', `The ${codec.name} is damaged`, {
      location,
      reason: thrown instanceof Error ? thrown.message : String(thrown),
      hint: 'It is not valid JSON any more. Remove it, or repair it by hand.',
    });
  }
  const version = versionOf(value);
  if (version > newestSchemaVersion) {
    return fail('infrastructure', `The ${codec.name} was written by a newer pikaci`, {
      location,
      reason: `its schema_version is ${version}, the newest known here is ${newestSchemaVersion}`,
      hint: 'Use the version of pikaci that wrote it.',
    });
  }
  return codec.decode(value, file);
}

/** Records of before versions were written count as version 1. */
function versionOf(value: unknown): number {
  if (typeof value !== 'object' || value === null || !('schema_version' in value)) return 1;
  return typeof value.schema_version === 'number' ? value.schema_version : 1;
}

/** Reads a file of one record a line; a last line that is torn, or lacks its end, counts as not written. */
export async function readLines<T>(
  file: string,
  codec: RecordCodec<T>,
): Promise<Outcome<readonly T[]>> {
  const text = await readText(file);
  if (!text.ok) return text;
  const whole = (text.value ?? '').split('\n').slice(0, -1);
  const records: T[] = [];
  for (const [index, line] of whole.entries()) {
    if (line === '') continue;
    const decoded = decodeText(line, codec, file, index + 1);
    if (!decoded.ok) return decoded;
    records.push(decoded.value);
  }
  return ok(records);
}
