import { copyTree } from '@pikaci/host';
import { fail, ok, type DirectoryPayloadConfig, type Outcome } from '@pikaci/model';
import { isWithin, payloadsDirectory } from '@pikaci/paths';
import { createHash } from 'node:crypto';
import { readlink, realpath, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { refusedEntry } from '../output/refused-entry.js';
import {
  placedOutput,
  type BuildPlace,
  type BuiltOutput,
  type IdentifyRequest,
  type PayloadKind,
} from '../payload-kind.js';
import { streamTree, type TreeEntry } from '../tree-walk.js';

type DirectoryRequest = IdentifyRequest<DirectoryPayloadConfig>;

/**
 * A payload that is a copy of an existing directory:
 * `{ kind: 'directory', source: '/opt/node', immutable: true, mounts: [...] }`.
 *
 * Its key looks at the sizes and times of all files, not at contents. An immutable directory is known by its path
 * alone, and nothing of it is looked at but for the copy: another content goes to another path.
 */
export const directoryKind: PayloadKind<DirectoryPayloadConfig> = {
  manifestKind: 'directory_payload_v1',
  identify: async (request) => {
    const path = resolve(request.snapshot.sourceRoot, request.payload.source);
    if (request.payload.immutable) {
      return ok({
        keyInputs: [{ name: 'immutable source', value: path }],
        snapshotInputs: null,
        build: (place) => copyImmutable(request, path, place),
      });
    }
    const source = await findSource(request, path);
    if (!source.ok) return source;
    const tree = await treeIdentity(request, source.value);
    if (!tree.ok) return tree;
    return ok({
      keyInputs: [
        { name: 'source', value: source.value },
        { name: 'source tree', value: tree.value },
      ],
      snapshotInputs: null,
      build: (place) => copyUnchanged(request, source.value, tree.value, place),
    });
  },
};

async function findSource(request: DirectoryRequest, path: string): Promise<Outcome<string>> {
  const { payloadId } = request;
  const source = await realpath(path).catch(() => null);
  if (source !== null && (await stat(source)).isDirectory()) {
    return (await holdsStore(request, source)) ? copyOfItself(payloadId, source) : ok(source);
  }
  return fail('payload', `The source of payload "${payloadId}" is not a directory: ${path}`, {
    reason: source === null ? 'there is no such path' : 'it is a file',
    hint:
      source === null
        ? 'A relative source is relative to the workspace root.'
        : 'Name a directory; a single file is mounted from the payload of its directory.',
  });
}

/** Whether the store of payloads, to which a source is copied, lies in it. */
async function holdsStore({ stateRoot }: DirectoryRequest, source: string): Promise<boolean> {
  const store = await realpath(payloadsDirectory(stateRoot)).catch(() => null);
  return store !== null && isWithin(source, store);
}

function copyOfItself(payloadId: string, source: string): ReturnType<typeof fail> {
  return fail('payload', `The source of payload "${payloadId}" cannot be copied: ${source}`, {
    reason: 'the store of payloads lies in it',
    hint: 'Name a directory below it, or choose another place for the store with --state-root.',
  });
}

/** Names, types, sizes, modes, times and link targets of everything in the tree, as one digest. */
async function treeIdentity(
  { payloadId, signal }: DirectoryRequest,
  source: string,
): Promise<Outcome<string>> {
  const hash = createHash('sha256');
  for await (const entry of streamTree(source, { signal })) {
    const refused = refusedEntry(payloadId, entry);
    if (refused !== null) return { ok: false, error: refused };
    const { mode, size, mtimeNs } = entry.stats;
    // The size of a directory says something of the file system, not of the tree.
    const facts = entry.stats.isDirectory() ? `${mode}` : `${mode} ${size} ${mtimeNs}`;
    hash.update(`${entry.relativePath.length}:`).update(entry.relativePath).update(`${facts}\n`);
    if (entry.stats.isSymbolicLink()) hash.update(await linkFacts(entry));
  }
  return ok(hash.digest('hex'));
}

async function linkFacts(entry: TreeEntry): Promise<Buffer> {
  const target = await readlink(entry.path, 'buffer');
  return Buffer.concat([Buffer.from(`${target.length}:`), target]);
}

async function copyImmutable(
  request: DirectoryRequest,
  path: string,
  place: BuildPlace,
): Promise<Outcome<BuiltOutput>> {
  const source = await findSource(request, path);
  return source.ok ? copySource(request, source.value, place) : source;
}

async function copyUnchanged(
  request: DirectoryRequest,
  source: string,
  identity: string,
  place: BuildPlace,
): Promise<Outcome<BuiltOutput>> {
  const copied = await copySource(request, source, place);
  if (!copied.ok) return copied;
  const after = await treeIdentity(request, source);
  if (!after.ok) return after;
  if (after.value === identity) return copied;
  return fail(
    'payload',
    `The source of payload "${request.payloadId}" changed while it was copied`,
    {
      location: { file: source },
      hint: 'Start again when nothing writes to it any more.',
    },
  );
}

async function copySource(
  { signal }: DirectoryRequest,
  source: string,
  place: BuildPlace,
): Promise<Outcome<BuiltOutput>> {
  await rm(place.outputDir, { recursive: true });
  const copied = await copyTree(source, place.outputDir, signal);
  return copied.ok ? ok(placedOutput) : copied;
}
