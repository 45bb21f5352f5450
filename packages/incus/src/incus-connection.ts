import { currentOwner } from '@pikaci/host';
import {
  createIncusClient,
  isNotFound,
  type IncusClient,
  type IncusError,
  type IncusResult,
} from '@pikaci/incus-client';
import { fail, ok, type IncusRuntimeConfig, type Outcome, type ProcessOwner } from '@pikaci/model';
import { incusFailure, type IncusPlace } from './incus-failure.js';
import { readProject, type IncusProject } from './incus-project.js';

/** Which server is meant, and what its instances are made from. */
export interface IncusSettings {
  readonly config: IncusRuntimeConfig;
  /** Path of the server's unix socket. */
  readonly socket: string;
  /** Alias of the guest image. */
  readonly image: string;
  /** For tests; by default a client of the socket. */
  readonly client?: IncusClient;
  /** For tests; by default this process. */
  readonly processOwner?: ProcessOwner;
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
   * image. What could not be resolved is tried again the next time.
   *
   * @param image another alias than that of the run
   */
  readonly resolveImage: (image?: string | null) => Promise<Outcome<ResolvedImage>>;
  /** Says that the resolved images went away: what comes next gets those that the aliases mean then. */
  readonly forgetImage: () => void;
  /** What the project allows; read once. */
  readonly project: () => Promise<Outcome<IncusProject>>;
  /** Whom instances are marked with. */
  readonly owner: () => Promise<ProcessOwner>;
}

/** Prepares to talk to a server; nothing is sent yet. */
export function connectIncus({ config, socket, image, ...given }: IncusSettings): IncusConnection {
  const client = given.client ?? createIncusClient({ socketPath: socket, project: config.project });
  const place: IncusPlace = { socket, project: config.project };
  const aliases = new Map<string, ReturnType<typeof resolver>>();
  const resolver = (alias: string) => onceItSucceeds(() => client.images.getAlias(alias));
  const project = onceItSucceeds(() => readProject(client, config.project));
  let owner: Promise<ProcessOwner> | null = null;
  return {
    client,
    config,
    place,
    resolveImage: async (other) => {
      const alias = other ?? image;
      const resolving = aliases.get(alias) ?? resolver(alias);
      aliases.set(alias, resolving);
      const found = await resolving.get();
      return found.ok
        ? ok({ alias, fingerprint: found.value.fingerprint })
        : noImage(alias, found.error, place);
    },
    forgetImage: () => {
      for (const resolving of aliases.values()) resolving.forget();
    },
    project: async () => {
      const read = await project.get();
      if (read.ok) return read;
      return { ok: false, error: incusFailure('read the project', read.error, place) };
    },
    owner: () => (owner ??= Promise.resolve(given.processOwner ?? currentOwner())),
  };
}

function noImage(image: string, error: IncusError, place: IncusPlace): Outcome<never> {
  if (!isNotFound(error)) {
    return { ok: false, error: incusFailure(`resolve the image "${image}"`, error, place) };
  }
  return fail('infrastructure', `There is no image "${image}" in project "${place.project}"`, {
    location: { host: place.socket },
    hint: 'Import or alias one (incus image list), or name another with --image or PIKACI_INCUS_IMAGE.',
  });
}

/** Asks once for all who ask, and again only after a failure. */
function onceItSucceeds<T>(ask: () => Promise<IncusResult<T>>): {
  readonly get: () => Promise<IncusResult<T>>;
  readonly forget: () => void;
} {
  let asked: Promise<IncusResult<T>> | null = null;
  return {
    get: async () => {
      const mine = (asked ??= ask());
      const result = await mine;
      if (!result.ok && asked === mine) asked = null;
      return result;
    },
    forget: () => {
      asked = null;
    },
  };
}
