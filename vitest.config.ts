import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Workspace packages resolve to their sources, so tests need no build. */
const conditions = ['@pikaci/source', 'module', 'node', 'import', 'default'];
const shared = { resolve: { conditions }, ssr: { resolve: { conditions } } };

export default defineConfig({
  // Beside the other caches: node_modules is read-only where it is a mounted payload.
  cacheDir: '.nx/vite',
  test: {
    reporters: ['default'],
    // As many as there are processors: Vitest's own choice leaves one free, half of a machine that has two.
    maxWorkers: availableParallelism(),
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'tools/**/*.test.ts'],
          exclude: [
            '**/*.int.test.ts',
            '**/*.incus.test.ts',
            '**/*.incus-restart.test.ts',
            '**/node_modules/**',
          ],
          // For what hangs. Five seconds, as they come, are not enough for thousands of files on a busy machine.
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'integration',
          include: ['packages/*/src/**/*.int.test.ts', 'tools/**/*.int.test.ts'],
          exclude: ['**/node_modules/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'incus',
          include: ['packages/*/src/**/*.incus.test.ts'],
          exclude: ['**/node_modules/**'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...shared,
        test: {
          // They kill the server that the others use: to be run alone, one file after another.
          name: 'incus-restart',
          include: ['packages/*/src/**/*.incus-restart.test.ts'],
          exclude: ['**/node_modules/**'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
