import {
  fail,
  ok,
  payloadManifestCodec,
  payloadManifestRelativePath,
  payloadManifestSchemaVersion,
  quoteText,
  type EntrypointConfig,
  type MountConfig,
  type Outcome,
  type PayloadConfig,
  type PayloadManifest,
  type PayloadRecord,
} from '@pikaci/model';
import { checkPayloadManifest, isWithinRelative } from '@pikaci/paths';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkDeclaredPaths } from './declared-paths.js';
import { checkExpectedKind } from './expected-kind.js';
import { resolveInside } from './resolve-inside.js';

/** A manifest that passed all checks, and where it came from. */
export interface CheckedManifest {
  readonly manifest: PayloadManifest;
  readonly source: PayloadRecord['manifestSource'];
}

/** Far more than a thousand mounts. */
const mostManifestBytes = 1024 * 1024;

/** The manifest of an output: derived from the configuration when that declares mounts, else the build's own. */
export async function manifestOfOutput(
  payloadId: string,
  payload: PayloadConfig,
  manifestKind: string,
  root: string,
): Promise<Outcome<CheckedManifest>> {
  const source = payload.mounts === undefined ? 'build' : 'configuration';
  const found =
    payload.mounts === undefined
      ? await readBuildManifest(payloadId, root)
      : ok(deriveManifest(manifestKind, payload.mounts, payload.entrypoints));
  if (!found.ok) return found;
  const checked = checkPayloadManifest(found.value, payloadId);
  if (!checked.ok) return checked;
  const manifest = checked.value;
  const expected = checkExpectedKind(payloadId, payload.expectKind, manifest);
  if (!expected.ok) return expected;
  const outside = source === 'configuration' ? entrypointOutsideMounts(manifest) : undefined;
  if (outside !== undefined) return unmountedEntrypoint(payloadId, outside);
  const there = await checkDeclaredPaths(payloadId, root, manifest);
  return there.ok ? ok({ manifest, source }) : there;
}

function deriveManifest(
  kind: string,
  mounts: readonly MountConfig[],
  entrypoints: readonly EntrypointConfig[],
): PayloadManifest {
  return {
    schemaVersion: payloadManifestSchemaVersion,
    kind,
    entrypoints: entrypoints.map(({ name, path }) => ({ name, relativePath: path })),
    assetRoots: [],
    mounts: mounts.map((mount) => ({
      name: mount.name,
      relativePath: mount.path,
      guestPath: mount.guestPath ?? null,
      workspacePath: mount.workspacePath ?? null,
      readOnly: mount.readOnly,
      addToPath: mount.addToPath,
    })),
  };
}

/** What jobs could not find. A manifest that a build wrote may name what only other builds use. */
function entrypointOutsideMounts({ entrypoints, mounts }: PayloadManifest): NamedPath | undefined {
  return entrypoints.find(
    (entrypoint) =>
      !mounts.some((mount) => isWithinRelative(mount.relativePath, entrypoint.relativePath)),
  );
}

type NamedPath = PayloadManifest['entrypoints'][number];

function unmountedEntrypoint(payloadId: string, { name, relativePath }: NamedPath) {
  const path = `the relative_path ${quoteText(relativePath)} of entrypoint ${quoteText(name)}`;
  const message = `The manifest of payload "${payloadId}" is refused: ${path} lies in none of the mounts`;
  return fail('payload', message, {
    hint: 'Declare a mount that holds it, or another path for the entry point.',
  });
}

async function readBuildManifest(
  payloadId: string,
  root: string,
): Promise<Outcome<PayloadManifest>> {
  const place = await resolveInside(root, payloadManifestRelativePath);
  if (place.kind === 'missing') return noManifest(payloadId);
  if (place.kind === 'loop') return unreadable(payloadId, 'it is a loop of links');
  if (place.kind === 'outside') {
    const { link, target } = place;
    return unreadable(
      payloadId,
      `a link leads out of the payload: ${quoteText(link)} to ${quoteText(target)}`,
    );
  }
  const path = join(root, place.relativePath);
  const found = await stat(path);
  if (!found.isFile()) return unreadable(payloadId, 'it is not a file');
  if (found.size > mostManifestBytes) {
    return unreadable(payloadId, `it has more than ${mostManifestBytes} bytes`);
  }
  return parseManifest(payloadId, await readFile(path, 'utf8'));
}

function parseManifest(payloadId: string, text: string): Outcome<PayloadManifest> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return unreadable(payloadId, `it is no JSON: ${String(error)}`);
  }
  const version = versionOf(value);
  if (typeof version === 'number' && version !== payloadManifestSchemaVersion) {
    // Before anything else: a manifest of another version may have another form.
    return unreadable(
      payloadId,
      `its schema version is ${version}, and only ${payloadManifestSchemaVersion} is known`,
    );
  }
  const decoded = payloadManifestCodec.decode(value, payloadManifestRelativePath);
  return decoded.ok
    ? decoded
    : unreadable(payloadId, decoded.error.reason ?? 'it has another form');
}

function versionOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'schema_version' in value
    ? value.schema_version
    : undefined;
}

function unreadable(payloadId: string, reason: string): ReturnType<typeof fail> {
  return fail('payload', `The manifest of payload "${payloadId}" cannot be used`, {
    location: { file: payloadManifestRelativePath },
    reason,
    hint: `Correct the build that writes ${payloadManifestRelativePath}.`,
  });
}

function noManifest(payloadId: string): ReturnType<typeof fail> {
  return fail('payload', `Nothing says what of payload "${payloadId}" is mounted, and where`, {
    reason: `the configuration declares no mounts, and the build wrote no ${payloadManifestRelativePath}`,
    hint: `Declare mounts in the configuration ("mounts: []" when only other payloads use it), or let the build write the file.`,
  });
}
