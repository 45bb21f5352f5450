import { defineConfig } from '@pikaci/config';
import { realpathSync } from 'node:fs';

/** The Node that runs pikaci: what a guest without Node gets. */
const node = realpathSync(process.execPath);

/** In a directory of caches, which no snapshot has. */
const unitReport = '.nx/unit.xml';

const inGuest = { payload: 'toolchain-node', runtime: 'incus' } as const;

export default defineConfig({
  schemaVersion: 1,
  defaultTarget: 'self',
  payloads: {
    'node-modules': {
      kind: 'command',
      description: 'Install dependencies from the lock file',
      // Dependencies that npm does not hoist would be lost: then the build fails, and says which.
      run: 'npm ci --ignore-scripts && ! ls -d packages/*/node_modules',
      inputs: ['package.json', 'package-lock.json', '.npmrc', 'packages/*/package.json'],
      output: 'node_modules',
      mounts: [{ name: 'node-modules', workspacePath: 'node_modules' }],
    },
    'toolchain-node': {
      kind: 'command',
      description: 'Copy the Node that runs pikaci',
      run: 'mkdir "$PIKACI_OUTPUT/bin" && cp "$NODE_BINARY" "$PIKACI_OUTPUT/bin/node"',
      env: { NODE_BINARY: node, NODE_VERSION: process.version },
      mounts: [{ name: 'node', guestPath: '/opt/pikaci/node', addToPath: ['bin'] }],
    },
  },
  jobs: {
    typecheck: {
      description: 'Types of all packages',
      run: 'node_modules/.bin/tsc -b && node_modules/.bin/tsc -p tools',
      payloads: [inGuest, 'node-modules'],
      timeoutSeconds: 600,
    },
    lint: {
      description: 'Lint rules and layer boundaries',
      run: 'node_modules/.bin/nx graph --file=.nx/graph.json && node_modules/.bin/eslint .',
      payloads: [inGuest, 'node-modules'],
      timeoutSeconds: 600,
    },
    unit: {
      description: 'Unit tests',
      run: `node_modules/.bin/vitest run --configLoader runner --project unit --reporter=default --reporter=junit --outputFile.junit=${unitReport}`,
      payloads: [inGuest, 'node-modules'],
      reports: { junit: unitReport },
      timeoutSeconds: 600,
    },
  },
  targets: {
    self: {
      description: 'What must be green before a merge',
      jobs: ['typecheck', 'lint', 'unit'],
    },
    packages: {
      description: 'The types of each package that a change affects, as Nx sees it: with --changed',
      nx: {
        target: 'typecheck',
        job: { payloads: [inGuest, 'node-modules'], timeoutSeconds: 600 },
      },
    },
  },
});
