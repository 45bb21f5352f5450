import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { Refusal } from './answer.js';

/** Owner and rights as the guest is to see them; the host's own cannot be set without privilege. */
export interface GuestAttributes {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/**
 * The files of a fake instance: a directory of the host, in which the sources of its disk devices appear where the
 * guest would see them. All paths are the guest's.
 */
export class GuestFiles {
  /** The directory of the host that stands for the guest's `/`. */
  readonly root: string;
  readonly #attributes = new Map<string, GuestAttributes>();
  readonly #mounts = new Map<string, string>();

  constructor(root: string) {
    this.root = root;
    mkdirSync(join(root, 'root'), { recursive: true });
  }

  /** Where a guest path lies on the host: in the root directory or in a mounted source. */
  hostPath(path: string): string {
    const wanted = posix.normalize(path);
    const [mount] = [...this.#mounts.keys()]
      .filter((target) => wanted === target || wanted.startsWith(`${target}/`))
      .sort((a, b) => b.length - a.length);
    if (mount === undefined) return join(this.root, wanted);
    return join(this.#mounts.get(mount) ?? '', posix.relative(mount, wanted));
  }

  /** Shows a host path at a guest path; commands run on the host find it there, too. */
  mount(source: string, path: string): void {
    const target = join(this.root, path);
    this.#mounts.set(posix.normalize(path), source);
    mkdirSync(dirname(target), { recursive: true });
    if (!lstatSync(target, { throwIfNoEntry: false })) symlinkSync(source, target);
  }

  /** Takes all mounts away, as stopping the guest does. */
  unmountAll(): void {
    for (const path of this.#mounts.keys()) {
      const target = join(this.root, path);
      if (lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink()) unlinkSync(target);
    }
    this.#mounts.clear();
  }

  /** Reads a text file of the guest. */
  readText(path: string): string {
    return this.readBytes(path).toString();
  }

  /** Reads a file of the guest. */
  readBytes(path: string): Buffer {
    return readFileSync(this.hostPath(path));
  }

  /** Writes a file, with its parent directories: for tests that play the guest's part. */
  writeText(path: string, content: string | Uint8Array): void {
    const target = this.hostPath(path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }

  /** What is at a path, as the API tells it: a mount is what is mounted, a link is a link. */
  entry(path: string): Stats {
    const host = this.hostPath(path);
    const isMount = this.#mounts.has(posix.normalize(path));
    const stats = absent(path)
      ? undefined
      : isMount
        ? statSync(host, { throwIfNoEntry: false })
        : lstatSync(host, { throwIfNoEntry: false });
    if (!stats) throw new Refusal(404, 'Not Found');
    return stats;
  }

  /** Owner and rights of what is at a path. */
  attributes(path: string, stats: Stats): GuestAttributes {
    const kept = this.#attributes.get(posix.normalize(path));
    return kept ?? { uid: 0, gid: 0, mode: stats.mode & 0o7777 };
  }

  /** Writes a file or makes a directory the way the API does: parents must exist, existing things keep their rights. */
  put(
    path: string,
    type: string,
    content: Buffer,
    append: boolean,
    attributes: GuestAttributes,
  ): void {
    const host = this.hostPath(path);
    const parent = statSync(dirname(host), { throwIfNoEntry: false });
    if (absent(path) || !parent?.isDirectory()) throw new Refusal(404, 'Not Found');
    const present = statSync(host, { throwIfNoEntry: false });
    if (type === 'directory') {
      if (!present) mkdirSync(host);
    } else if (present?.isDirectory()) {
      throw new Refusal(500, `sftp: "open ${path}: is a directory" (SSH_FX_FAILURE)`);
    } else writeFileSync(host, content, { flag: append ? 'a' : 'w' });
    if (!present) this.#attributes.set(posix.normalize(path), attributes);
  }

  /** Deletes a file or an empty directory. */
  remove(path: string): void {
    const host = this.hostPath(path);
    if (this.entry(path).isDirectory()) {
      if (readdirSync(host).length > 0)
        throw new Refusal(500, `sftp: "remove ${path}: directory not empty" (SSH_FX_FAILURE)`);
      rmdirSync(host);
    } else unlinkSync(host);
    this.#attributes.delete(posix.normalize(path));
  }

  /** The names in a directory. */
  list(path: string): readonly string[] {
    return readdirSync(this.hostPath(path));
  }

  /** A link's target. */
  target(path: string): string {
    return readlinkSync(this.hostPath(path));
  }
}

/** Incus takes relative paths for missing files. */
const absent = (path: string): boolean => !path.startsWith('/');
