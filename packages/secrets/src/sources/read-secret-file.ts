import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { systemErrorCode } from '@pikaci/host';
import { ok, type Outcome, type SecretSource } from '@pikaci/model';
import { largestSecret } from './largest-secret.js';
import { sourceFailure } from './source-failure.js';
import { withoutLineEnd } from './without-line-end.js';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read',
  EISDIR: 'it is a directory',
};

/** What a file holds, without a line end at its end. A little more than a secret may have is enough of a larger one. */
export async function readSecretFile(
  workspaceRoot: string,
  name: string,
  source: Extract<SecretSource, { file: string }>,
): Promise<Outcome<Uint8Array>> {
  const path = resolve(workspaceRoot, source.file);
  try {
    return ok(withoutLineEnd(await readBeginning(path, largestSecret + 3)));
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === null) throw error;
    return sourceFailure(name, source, reasons[code] ?? `the system says ${code}`, {
      location: { file: path },
      hint: `Put the secret there, for the user who runs pikaci alone, or change secrets.${name}.`,
    });
  }
}

/** Also of a pipe, as shells make them with `<(…)`. */
async function readBeginning(path: string, limit: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(limit);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, limit - length, null);
      length += bytesRead;
      if (bytesRead === 0 || length === limit) return buffer.subarray(0, length);
    }
  } finally {
    await file.close();
  }
}
