import { payloadManifestSchema } from '@pikaci/model';
import { dependencyMounts } from '@pikaci/paths';
import { describe, expect, it } from 'vitest';
import { buildEnvironment } from './build-environment.js';

const build = {
  env: { MODE: 'fast', PIKACI_OUTPUT: '/nowhere' },
  outputDir: '/build/output',
  workspaceRoot: '/workspace',
  dependencies: [],
};

describe('the environment of a build', () => {
  it('inherits what says where programs and networks are, and nothing else', () => {
    const environment = buildEnvironment(build, [], {
      HTTPS_PROXY: 'http://proxy',
      npm_config_local_prefix: '/workspace',
      npm_config_registry: 'http://registry',
      UNKNOWN: 'x',
      LC_ALL: 'C',
      PATH: '/workspace/packages/a/node_modules/.bin:/elsewhere/node_modules/.bin:/usr/bin',
    });
    expect(environment).toEqual({
      CI: 'true',
      MODE: 'fast',
      HTTPS_PROXY: 'http://proxy',
      npm_config_registry: 'http://registry',
      LC_ALL: 'C',
      PATH: '/elsewhere/node_modules/.bin:/usr/bin',
      PIKACI_OUTPUT: '/build/output',
    });
  });

  it('leads to the dependencies, whose programs come first on the PATH', () => {
    const mount = { name: 'node', relativePath: '.', guestPath: '/opt/node', addToPath: ['bin'] };
    const manifest = payloadManifestSchema.parse({ schemaVersion: 1, kind: 'k', mounts: [mount] });
    const dependencies = [
      {
        payloadId: 'my-tools',
        devicePrefix: 't',
        contentKey: 'k',
        storePath: '/store/tools',
        manifest,
        reused: true,
        sizeBytes: 0,
      },
    ];
    const placed = dependencyMounts('p', dependencies);
    if (!placed.ok) throw new Error(placed.error.message);
    const mounts = placed.value.map((one) => ({ mount: one, path: '/opt/node' }));
    expect(buildEnvironment({ ...build, dependencies }, mounts, {})).toMatchObject({
      PIKACI_PAYLOAD_MY_TOOLS: '/store/tools',
      PIKACI_MOUNT_NODE: '/opt/node',
      PATH: '/opt/node/bin:/usr/local/bin:/usr/bin:/bin',
    });
  });
});
