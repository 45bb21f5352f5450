import type { BuildCommand } from '@pikaci/model';
import { isWithin, mountVariableName, payloadVariableName } from '@pikaci/paths';
import { delimiter, join } from 'node:path';
import type { PlacedMount } from './place-dependencies.js';

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

/** For a pikaci that was started without any PATH. */
const defaultPath = '/usr/local/bin:/usr/bin:/bin';

/** The environment of a build: inherited, then declared, then what pikaci says. */
export function buildEnvironment(
  build: Pick<BuildCommand, 'env' | 'outputDir' | 'workspaceRoot' | 'dependencies'>,
  mounts: readonly Pick<PlacedMount, 'mount' | 'path'>[],
  environment: NodeJS.ProcessEnv,
): Record<string, string> {
  const env: Record<string, string> = { CI: 'true' };
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || !inherited.some((pattern) => pattern.test(name))) continue;
    env[name] = name === 'PATH' ? withoutWorkspace(value, build.workspaceRoot) : value;
  }
  Object.assign(env, build.env);
  for (const { payloadId, storePath } of build.dependencies) {
    env[payloadVariableName(payloadId)] = storePath;
  }
  for (const { mount, path } of mounts) env[mountVariableName(mount.name)] = path;
  const directories = mounts.flatMap(({ mount, path }) =>
    mount.addToPath.map((directory) => join(path, directory)),
  );
  env['PATH'] = [...directories, env['PATH'] ?? defaultPath].join(delimiter);
  env['PIKACI_OUTPUT'] = build.outputDir;
  return env;
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
