import {
  fail,
  identifierPattern,
  ok,
  payloadManifestSchemaVersion,
  quoteText,
  type Outcome,
  type PayloadManifest,
  type PayloadMount,
} from '@pikaci/model';
import { absolutePathProblem, relativePathProblem } from './containment.js';
import { mountOverlaps } from './mount-overlaps.js';

/**
 * Everything about a manifest that can be told without looking at files. Whether a source leaves the payload through a
 * symbolic link is for the payload store to see.
 */
export function checkPayloadManifest(
  manifest: PayloadManifest,
  payloadId: string,
): Outcome<PayloadManifest> {
  const problem = manifestProblem(manifest, payloadId);
  if (problem === null) return ok(manifest);
  return fail('payload', `The manifest of payload "${payloadId}" is refused: ${problem}`, {
    hint: 'Correct the build that writes share/pikaci/payload-manifest.json, or the mounts in the configuration.',
  });
}

function manifestProblem(manifest: PayloadManifest, payloadId: string): string | null {
  if (manifest.schemaVersion !== payloadManifestSchemaVersion) {
    return `its schema version is ${manifest.schemaVersion}, and only ${payloadManifestSchemaVersion} is known`;
  }
  if (manifest.kind.trim() === '') return 'its kind is empty';
  return (
    firstProblem(manifest.mounts, mountProblem) ??
    duplicateProblem('mount', manifest.mounts) ??
    duplicateProblem('entrypoint', manifest.entrypoints) ??
    firstProblem(manifest.entrypoints, (entry) => namedPathProblem('entrypoint', entry)) ??
    firstProblem(manifest.assetRoots, (entry) => namedPathProblem('asset root', entry)) ??
    mountOverlaps(manifest.mounts.map((mount) => ({ payloadId, ...mount })))[0]?.message ??
    null
  );
}

function mountProblem(mount: PayloadMount): string | null {
  const path = namedPathProblem('mount', mount);
  if (path !== null) return path;
  const name = `mount ${quoteText(mount.name)}`;
  if (!identifierPattern.test(mount.name)) {
    return `the name of ${name} is no part of a path: letters, digits, ".", "_" and "-" only`;
  }
  if (!mount.readOnly) return `${name} is not read-only, and payloads are never written to`;
  if ((mount.guestPath === null) === (mount.workspacePath === null)) {
    return `${name} needs exactly one of guest_path and workspace_path`;
  }
  const guest = mount.guestPath === null ? null : absolutePathProblem(mount.guestPath);
  if (guest !== null)
    return `the guest_path ${quoteText(mount.guestPath ?? '')} of ${name} ${guest}`;
  const workspace = mount.workspacePath === null ? null : relativePathProblem(mount.workspacePath);
  if (workspace !== null) {
    return `the workspace_path ${quoteText(mount.workspacePath ?? '')} of ${name} ${workspace}`;
  }
  if (mount.workspacePath === '.') return `${name} would hide the whole working tree`;
  return firstProblem(mount.addToPath, (directory) => {
    const problem = relativePathProblem(directory) ?? colonProblem(mount, directory);
    return problem === null ? null : `${quoteText(directory)} in add_to_path of ${name} ${problem}`;
  });
}

/** A colon ends a directory of the PATH: what follows it would be a directory of its own. */
function colonProblem(mount: PayloadMount, directory: string): string | null {
  const path = `${mount.guestPath ?? mount.workspacePath ?? ''}/${directory}`;
  return path.includes(':') ? 'holds a colon in its path, which PATH cannot' : null;
}

function namedPathProblem(
  what: string,
  entry: { readonly name: string; readonly relativePath: string },
): string | null {
  if (entry.name.trim() === '') return `a ${what} has an empty name`;
  const problem = relativePathProblem(entry.relativePath);
  return problem === null
    ? null
    : `the relative_path ${quoteText(entry.relativePath)} of ${what} ${quoteText(entry.name)} ${problem}`;
}

function duplicateProblem(
  what: string,
  entries: readonly { readonly name: string }[],
): string | null {
  const seen = new Set<string>();
  for (const { name } of entries) {
    if (seen.has(name)) return `two ${what}s have the name ${quoteText(name)}`;
    seen.add(name);
  }
  return null;
}

function firstProblem<T>(items: readonly T[], problem: (item: T) => string | null): string | null {
  for (const item of items) {
    const found = problem(item);
    if (found !== null) return found;
  }
  return null;
}
