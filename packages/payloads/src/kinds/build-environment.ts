import type { CommandPayloadConfig } from '@pikaci/model';
import { isWithin } from '@pikaci/paths';
import { delimiter } from 'node:path';
import type { BuildPlace, IdentifyRequest } from '../payload-kind.js';
import type { PlacedDependency } from './place-dependencies.js';

/**
 * What builds inherit from pikaci's own environment. It says where programs, caches and networks are on this machine
 * and is no part of the content key: whatever a build's result depends on belongs into `env` or `inputs`.
 */
const inherited: readonly RegExp[] = [
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_[A-Z]+|TZ|TMPDIR)$/,
  /^(https?|ftp|all|no)_proxy$/i,
  /^(SSL_CERT_FILE|SSL_CERT_DIR|NODE_EXTRA_CA_CERTS|CURL_CA_BUNDLE|GIT_SSL_CAINFO)$/,
  /^XDG_(CACHE|CONFIG|DATA)_HOME$/,
  // npm hands its settings to what it runs. Those that speak of the package it was started in are left out.
  /^npm_config_(registry|.*:registry|.*:_authtoken|cache|userconfig|globalconfig|cafile|strict_ssl|proxy|https?_proxy|noproxy|offline|prefer_offline|fetch_\w+|maxsockets|nodedir)$/i,
  /^(COREPACK_HOME|PNPM_HOME|YARN_CACHE_FOLDER|CARGO_HOME|RUSTUP_HOME|GOPATH|GOCACHE|GOMODCACHE|GOPROXY)$/,
];

/** The environment of a build: inherited, then declared, then what pikaci says. */
export function buildEnvironment(
  request: IdentifyRequest<CommandPayloadConfig>,
  place: BuildPlace,
  dependencies: readonly PlacedDependency[],
): Record<string, string> {
  const env: Record<string, string> = { CI: 'true' };
  for (const [name, value] of Object.entries(place.environment)) {
    if (value === undefined || !inherited.some((pattern) => pattern.test(name))) continue;
    env[name] = name === 'PATH' ? withoutWorkspace(value, request.snapshot.sourceRoot) : value;
  }
  Object.assign(env, request.payload.env);
  const directories: string[] = [];
  for (const dependency of dependencies) {
    env[`PIKACI_PAYLOAD_${variableName(dependency.payloadId)}`] = dependency.storePath;
    for (const mount of dependency.mounts) {
      env[`PIKACI_MOUNT_${variableName(mount.name)}`] = mount.path;
      directories.push(...mount.pathDirectories);
    }
  }
  env['PATH'] = [...directories, env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'].join(delimiter);
  env['PIKACI_OUTPUT'] = place.outputDir;
  return env;
}

function variableName(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

/** npm puts the workspace's own programs first on the PATH: a build has declared no such input. */
function withoutWorkspace(path: string, workspaceRoot: string): string {
  const own = (directory: string) =>
    directory.endsWith('/node_modules/.bin') && isWithin(workspaceRoot, directory);
  return path
    .split(delimiter)
    .filter((directory) => !own(directory))
    .join(delimiter);
}
