import { writeFileAtomically } from '@pikaci/host';
import { fail, payloadRecordCodec, type Outcome, type PayloadRecord } from '@pikaci/model';
import { readFile } from 'node:fs/promises';

/** Writes the record of a payload. Nothing of it may be missing any more. */
export function writePayloadRecord(file: string, record: PayloadRecord): Promise<Outcome<void>> {
  const text = `${JSON.stringify(payloadRecordCodec.encode(record), null, 2)}\n`;
  return writeFileAtomically(file, text);
}

/** Reads the record of a payload. */
export async function readPayloadRecord(file: string): Promise<Outcome<PayloadRecord>> {
  try {
    return payloadRecordCodec.decode(JSON.parse(await readFile(file, 'utf8')), file);
  } catch (error) {
    return fail('infrastructure', `The record ${file} cannot be read`, { reason: String(error) });
  }
}
