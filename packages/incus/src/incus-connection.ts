import {
  createIncusClient,
  isNotFound,
  type ImageAlias,
  type IncusClient,
  type IncusResult,
} from '@pikaci/incus-client';
import { fail, ok, type IncusRuntimeConfig, type Outcome } from '@pikaci/model';
import { incusFailure, type IncusPlace } from './incus-failure.js';

/** Which server is meant, and what its instances are made from. */
export interface IncusSettings {
  readonly config: IncusRuntimeConfig;
  /** Path of the server's unix socket. */
  readonly socket: string;
  /** Alias of the guest image. */
  readonly image: string;
  /** For tests; by default a client of the socket. */
  readonly client?: IncusClient;
}

/** The image of a run's instances. */
export interface ResolvedImage {
  readonly alias: string;
  readonly fingerprint: string;
}

/** What the jobs and the builds of one run share: the way to the server, and the image. */
export interface IncusConnection {
  readonly client: IncusClient;
  readonly config: IncusRuntimeConfig;
  readonly place: IncusPlace;
  /**
   * The alias may be moved to another image at any time: it is resolved once, and all instances of the run get that
   * image.
   */
  readonly resolveImage: () => Promise<Outcome<ResolvedImage>>;
}

/** Prepares to talk to a server; nothing is sent yet. */
export function connectIncus({ config, socket, image, ...given }: IncusSettings): IncusConnection {
  const client = given.client ?? createIncusClient({ socketPath: socket, project: config.project });
  const place: IncusPlace = { socket, project: config.project };
  let resolved: Promise<IncusResult<ImageAlias>> | null = null;
  const resolveImage = async (): Promise<Outcome<ResolvedImage>> => {
    resolved ??= client.images.getAlias(image);
    const alias = await resolved;
    if (alias.ok) return ok({ alias: image, fingerprint: alias.value.fingerprint });
    if (!isNotFound(alias.error)) {
      return { ok: false, error: incusFailure(`resolve the image "${image}"`, alias.error, place) };
    }
    return fail('infrastructure', `There is no image "${image}" in project "${config.project}"`, {
      location: { host: socket },
      hint: 'Import or alias one (incus image list), or name another with --image or PIKACI_INCUS_IMAGE.',
    });
  };
  return { client, config, place, resolveImage };
}
