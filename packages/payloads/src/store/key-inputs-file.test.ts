import { payloadLayout } from '@pikaci/paths';
import fc from 'fast-check';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readKeyInputs, writeKeyInputs } from './key-inputs-file.js';

let stateRoot: string;
const key = 'k'.repeat(64);
beforeEach(() => {
  stateRoot = mkdtempSync(join(tmpdir(), 'pikaci-key-inputs-'));
});
afterEach(() => rmSync(stateRoot, { recursive: true, force: true }));

describe('the key inputs of a payload', () => {
  it('are read as they were written, whatever text they hold', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\n', '"', '\u2028', 'é', '\0', '\\') });
    const inputs = fc.array(fc.record({ name: text, value: text }));
    await fc.assert(
      fc.asyncProperty(inputs, async (written) => {
        const { dir } = payloadLayout(stateRoot, key);
        rmSync(dir, { recursive: true, force: true });
        mkdirSync(dir, { recursive: true });
        await writeKeyInputs(dir, written);
        expect(await readKeyInputs(stateRoot, key)).toEqual({ ok: true, value: written });
      }),
      { numRuns: 30 },
    );
  });

  it('are a failure that names the file when there is none, or it is something else', async () => {
    const { dir, keyInputsFile } = payloadLayout(stateRoot, key);
    const failed = { ok: false, error: { location: { file: keyInputsFile } } };
    expect(await readKeyInputs(stateRoot, key)).toMatchObject(failed);
    mkdirSync(dir, { recursive: true });
    for (const text of ['{"name":1,"value":"x"}\n', 'no JSON\n', '\n', 'null\n']) {
      writeFileSync(keyInputsFile, text);
      expect(await readKeyInputs(stateRoot, key)).toMatchObject(failed);
    }
  });
});
