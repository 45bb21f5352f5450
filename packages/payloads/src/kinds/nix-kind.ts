import { copyTree } from '@pikaci/host';
import { fail, ok, snapshotMarkerName, type NixPayloadConfig, type Outcome } from '@pikaci/model';
import { installableProblem, workspaceFlake, workspaceFlakeUrl } from '@pikaci/paths';
import { chmod, lstat, realpath, rm } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { runNixBuild } from '../nix/run-nix-build.js';
import type { BuildPlace, BuiltOutput, IdentifyRequest, PayloadKind } from '../payload-kind.js';

type NixRequest = IdentifyRequest<NixPayloadConfig>;

/**
 * A payload that Nix builds: `{ kind: 'nix', installable: '.#dependencies' }`. Its output is used where it is in the
 * Nix store, and never changed.
 *
 * The key covers the installable, and the whole snapshot when it is a flake of that; what the flake pins is in its lock
 * file, which is in the snapshot. Nix's version is not covered: Nix itself names outputs by all that they depend on.
 */
export const nixKind: PayloadKind<NixPayloadConfig> = {
  manifestKind: 'nix_payload_v1',
  identify: (request) => {
    const { payload, payloadId, snapshot } = request;
    const { installable, impure } = payload;
    const problem = installableProblem(installable);
    const isOfSnapshot = workspaceFlake(installable) !== null;
    return Promise.resolve(
      problem === null
        ? ok({
            keyInputs: [
              { name: 'installable', value: installable },
              { name: 'impure', value: `${impure}` },
              ...(isOfSnapshot ? [{ name: 'snapshot', value: snapshot.hash }] : []),
            ],
            snapshotInputs: null,
            build: (place: BuildPlace) => buildByNix(request, place),
          })
        : fail('payload', `The installable "${installable}" of payload "${payloadId}" ${problem}`, {
            hint: 'Name a flake of the workspace, such as ".#deps", or one that is pinned.',
          }),
    );
  },
};

async function buildByNix(request: NixRequest, place: BuildPlace): Promise<Outcome<BuiltOutput>> {
  const { payload, payloadId, snapshot, signal, force } = request;
  const { installable, impure, timeoutSeconds } = payload;
  const flake = workspaceFlake(installable);
  const source =
    flake === null ? ok(snapshot.dir) : await copySnapshot(snapshot.dir, place, signal);
  if (!source.ok) return source;
  const paths = await runNixBuild({
    payloadId,
    installable: flake === null ? installable : workspaceFlakeUrl(flake, source.value),
    impure,
    cwd: source.value,
    timeoutSeconds,
    signal,
    force,
    log: place.log,
  });
  return paths.ok ? outputInPlace(request, paths.value) : paths;
}

/**
 * Copies the snapshot without its marker. The marker says when it was made, so that Nix would build anew whatever
 * depends on the source as a whole. And the snapshot's own directory may lie in a git repository, of which Nix would
 * take it for an untracked part.
 */
async function copySnapshot(
  snapshotDir: string,
  place: BuildPlace,
  signal: AbortSignal,
): Promise<Outcome<string>> {
  const source = join(await realpath(place.workDir), 'source');
  const copied = await copyTree(snapshotDir, source, signal);
  if (!copied.ok) return copied;
  await chmod(source, 0o755);
  await rm(join(source, snapshotMarkerName), { force: true });
  return ok(source);
}

async function outputInPlace(
  { payloadId, payload }: NixRequest,
  paths: readonly string[],
): Promise<Outcome<BuiltOutput>> {
  const [path] = paths;
  if (path === undefined || paths.length > 1) {
    const message = `Nix built ${paths.length} outputs for payload "${payloadId}", and a payload is one`;
    return fail('payload', message, {
      reason: paths.length === 0 ? 'it printed no path' : paths.join(', '),
      hint:
        paths.length === 0
          ? `Look what \`nix build --no-link --print-out-paths ${payload.installable}\` prints.`
          : `Say which output of ${payload.installable} is meant, such as with "^out" at its end.`,
    });
  }
  // A link would be followed by whatever mounts it, on and on.
  const found = isAbsolute(path) ? await lstat(path).catch(() => null) : null;
  if (found?.isDirectory() === true) return ok({ externalPath: await realpath(path) });
  return fail('payload', `The output of payload "${payloadId}" is not a directory: ${path}`, {
    reason: found === null ? 'there is no such path' : 'it is a file or a link',
    hint: 'Let the installable make a directory, and name what is in it in the mounts.',
  });
}
