import { z } from 'zod';
import type { CallOptions } from '../call-options.js';
import type { IncusResult } from '../incus-error.js';
import type { InstanceType } from '../instances/instance.js';
import { apiPath } from '../transport/api-path.js';
import { callFor } from '../transport/call.js';
import type { Connection } from '../transport/connection.js';

/** A name for an image, and the image it means at the moment. */
export interface ImageAlias {
  readonly name: string;
  /** The image's fingerprint: pin it, since an alias may be moved to another image at any time. */
  readonly fingerprint: string;
  readonly type: InstanceType;
  readonly description: string;
}

/** Images of the server. */
export interface ImagesApi {
  /** Resolves an alias; a missing one is an `api` error 404. */
  getAlias(alias: string, options?: CallOptions): Promise<IncusResult<ImageAlias>>;
}

const aliasSchema: z.ZodType<ImageAlias> = z
  .object({
    name: z.string(),
    target: z.string(),
    type: z.enum(['container', 'virtual-machine']),
    description: z.string().default(''),
  })
  .transform(({ name, target, type, description }) => ({
    name,
    fingerprint: target,
    type,
    description,
  }));

/** The images of one server and project. */
export function createImagesApi(connection: Connection): ImagesApi {
  return {
    getAlias: (alias, options = {}) =>
      callFor(
        connection,
        aliasSchema,
        { method: 'GET', path: apiPath('images', 'aliases', alias) },
        options,
      ),
  };
}
