import { isNotFound } from '@pikaci/incus-client';
import { ok, type Outcome, type ShellRequest } from '@pikaci/model';
import { z } from 'zod';
import { incusFailure } from '../incus-failure.js';
import type { IncusConnection, ResolvedImage } from '../incus-connection.js';

const imageSchema = z.object({ fingerprint: z.string() });

/** The image that the job had; where that is gone the one that the alias means now, which is said. */
export async function shellImage(
  { client, place, resolveImage }: IncusConnection,
  request: ShellRequest,
): Promise<Outcome<ResolvedImage>> {
  const { imageFingerprint } = request;
  if (imageFingerprint === null) return resolveImage();
  const path = `/1.0/images/${encodeURIComponent(imageFingerprint)}`;
  const read = await client.get(path, imageSchema);
  if (read.ok) return ok({ alias: '', fingerprint: imageFingerprint });
  if (!isNotFound(read.error)) {
    return { ok: false, error: incusFailure('read the image of the job', read.error, place) };
  }
  const image = await resolveImage();
  if (image.ok) {
    const short = imageFingerprint.slice(0, 12);
    request.onNote(
      `the image of the job (${short}) is gone: the shell has "${image.value.alias}" of now`,
    );
  }
  return image;
}
