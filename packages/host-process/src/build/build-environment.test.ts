import { describe, expect, it } from 'vitest';
import { buildEnvironment } from './build-environment.js';

const build = {
  env: { MODE: 'fast', PIKACI_OUTPUT: '/nowhere' },
  outputDir: '/build/output',
  workspaceRoot: '/workspace',
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
    const mounts = [{ name: 'node', path: '/opt/node', pathDirectories: ['/opt/node/bin'] }];
    const dependencies = [{ payloadId: 'my-tools', storePath: '/store/tools', mounts }];
    expect(buildEnvironment(build, dependencies, {})).toMatchObject({
      PIKACI_PAYLOAD_MY_TOOLS: '/store/tools',
      PIKACI_MOUNT_NODE: '/opt/node',
      PATH: '/opt/node/bin:/usr/local/bin:/usr/bin:/bin',
    });
  });
});
