import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** Which layers a layer may import. The picture of the house is in README.md. */
const layers = {
  model: ['model'],
  logic: ['model', 'logic'],
  system: ['model'],
  adapter: ['model', 'logic', 'system'],
  engine: ['model', 'logic'],
  app: ['model', 'logic', 'system', 'adapter', 'engine'],
  testing: ['model'],
};

/** The model and logic packages are pure: no files, processes, sockets or clocks of the machine. */
const impure = [
  'node:fs',
  'node:fs/*',
  'node:child_process',
  'node:net',
  'node:http',
  'node:https',
  'node:worker_threads',
  'node:os',
  'node:process',
  'fs',
  'fs/*',
  'child_process',
  'net',
  'http',
  'https',
  'os',
  'execa',
  'ws',
  'undici',
];

const constraint = (layer, extra = []) => ({
  sourceTag: `layer:${layer}`,
  onlyDependOnLibsWithTags: [...layers[layer], ...extra].map((name) => `layer:${name}`),
  ...(layer === 'model' || layer === 'logic' ? { bannedExternalImports: impure } : {}),
});

const boundaries = (extra = []) => [
  'error',
  {
    allow: [],
    depConstraints: Object.keys(layers).map((layer) => constraint(layer, extra)),
    // An engine that imported an adapter could no longer be tested without one.
    enforceBuildableLibDependency: false,
  },
];

export default tseslint.config(
  { ignores: ['**/dist', '**/node_modules', '.nx', '.pikaci', '**/fixtures/**/*.{js,mjs}'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // `sum += await …` reads the sum before it waits, and loses what others add meanwhile.
      'require-atomic-updates': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // `() => x.y()` in arrow callbacks reads better than a block.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': boundaries(),
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportDefaultDeclaration',
          message: 'Use named exports: a thing has one name everywhere.',
        },
      ],
    },
  },
  {
    // Node's built-in modules are not packages to Nx, so the purity of model and logic is stated here as well.
    files: ['packages/{model,paths,planner}/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: impure, message: 'Model and logic packages are pure.' }] },
      ],
    },
  },
  {
    files: ['packages/*/src/**/*.test{,.helper}.ts', 'packages/*/src/fixtures/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': boundaries(['testing']),
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['**/*.{js,mjs}', '*.config.ts', 'tools/**/*.ts'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        performance: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        AbortController: 'readonly',
      },
    },
  },
);
