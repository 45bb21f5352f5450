import { copyTree } from '@pikaci/host';
import { fail, ok, type DirectoryPayloadConfig, type Outcome } from '@pikaci/model';
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
import { sortByPath, walkTree, type TreeEntry } from '../tree-walk.js';

type DirectoryRequest = IdentifyRequest<DirectoryPayloadConfig>;

/** A payload that is a copy of an existing directory. Its key looks at sizes and times, not at contents. */
export const directoryKind: PayloadKind<DirectoryPayloadConfig> = {
  manifestKind: 'directory_payload_v1',
  identify: async (request) => {
    const source = await findSource(request);
    if (!source.ok) return source;
    const tree = await treeIdentity(request.payloadId, source.value);
    if (!tree.ok) return tree;
    return ok({
      keyInputs: [
        { name: 'source', value: source.value },
        { name: 'source tree', value: tree.value },
      ],
      build: (place) => copySource(request, source.value, tree.value, place),
    });
  },
};

async function findSource({
  payload,
  payloadId,
  snapshot,
}: DirectoryRequest): Promise<Outcome<string>> {
  const path = resolve(snapshot.sourceRoot, payload.source);
  const source = await realpath(path).catch(() => null);
  if (source !== null && (await stat(source)).isDirectory()) return ok(source);
  return fail('payload', `The source of payload "${payloadId}" is not a directory: ${path}`, {
    reason: source === null ? 'there is no such path' : 'it is a file',
    hint: 'A relative source is relative to the workspace root.',
  });
}

/** Names, types, sizes, modes, times and link targets of everything in the tree, as one digest. */
async function treeIdentity(payloadId: string, source: string): Promise<Outcome<string>> {
  const hash = createHash('sha256');
  for (const entry of sortByPath(await walkTree(source))) {
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

async function copySource(
  request: DirectoryRequest,
  source: string,
  identity: string,
  place: BuildPlace,
): Promise<Outcome<BuiltOutput>> {
  await rm(place.outputDir, { recursive: true });
  const copied = await copyTree(source, place.outputDir);
  if (!copied.ok) return copied;
  const after = await treeIdentity(request.payloadId, source);
  if (!after.ok) return after;
  if (after.value === identity) return ok(placedOutput);
  return fail(
    'payload',
    `The source of payload "${request.payloadId}" changed while it was copied`,
    {
      location: { file: source },
      hint: 'Start again when nothing writes to it any more.',
    },
  );
}
