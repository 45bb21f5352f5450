import { writeFileAtomically } from '@pikaci/host';
import { describeFailure, guestContractFiles, type CommandEnd } from '@pikaci/model';
import { join } from 'node:path';

/**
 * Writes the files of the guest contract, which an image without a runner of its own cannot write, into the job's
 * artifacts directory. Returns what could not be written; the verdict stands either way.
 */
export async function writeResultFiles(
  artifactsDir: string,
  end: CommandEnd,
): Promise<readonly string[]> {
  const notes: string[] = [];
  for (const { name, text } of guestContractFiles(end)) {
    const written = await writeFileAtomically(join(artifactsDir, name), text);
    if (!written.ok) notes.push(describeFailure(written.error));
  }
  return notes;
}
