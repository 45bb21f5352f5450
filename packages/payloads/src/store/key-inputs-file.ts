import { fail, ok, type KeyInput, type Outcome } from '@pikaci/model';
import { payloadLayout, payloadLayoutIn } from '@pikaci/paths';
import { open, readFile } from 'node:fs/promises';

/**
 * Writes what went into a payload's key beside its record, as one JSON object a line, and on the disk when this returns:
 * the record that follows says that the payload is whole.
 * @param payloadDir a payload's directory that has none yet
 */
export async function writeKeyInputs(
  payloadDir: string,
  inputs: readonly KeyInput[],
): Promise<void> {
  const lines = inputs.map(({ name, value }) => `${JSON.stringify({ name, value })}\n`);
  const file = await open(payloadLayoutIn(payloadDir).keyInputsFile, 'wx');
  try {
    await file.writeFile(lines.join(''));
    await file.sync();
  } finally {
    await file.close();
  }
}

/** What went into the key of a payload of the store, in the order in which it went in. */
export async function readKeyInputs(
  stateRoot: string,
  contentKey: string,
): Promise<Outcome<readonly KeyInput[]>> {
  const { keyInputsFile } = payloadLayout(stateRoot, contentKey);
  try {
    const lines = (await readFile(keyInputsFile, 'utf8')).split('\n').slice(0, -1);
    return ok(lines.map(keyInput));
  } catch (error) {
    return fail('infrastructure', `What went into payload ${contentKey} cannot be read`, {
      location: { file: keyInputsFile },
      reason: error instanceof Error ? error.message : String(error),
      hint: 'The payload itself may be used; what it was made from is not known.',
    });
  }
}

function keyInput(line: string): KeyInput {
  const input: unknown = JSON.parse(line);
  if (typeof input === 'object' && input !== null && 'name' in input && 'value' in input) {
    const { name, value } = input;
    if (typeof name === 'string' && typeof value === 'string') return { name, value };
  }
  throw new SyntaxError(`no input of a key: ${line.slice(0, 200)}`);
}
