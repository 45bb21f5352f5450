import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The programs: `pikaci` as it is, and one in which faults can be made to happen. */
const entries = {
  pikaci: '../main.ts',
  'faulty-pikaci': 'faulty-pikaci.test.helper.ts',
} as const;

/**
 * Makes one file of a program and all it imports, from the sources as they are: it starts in a third of the time that
 * the packages take, and a suite of hundreds of processes starts nothing else.
 *
 * @param name of the program; by default pikaci with faults
 * @returns path of the program
 */
export async function bundlePikaci(
  directory: string,
  name: keyof typeof entries = 'faulty-pikaci',
): Promise<string> {
  const bundle = await rolldown({
    input: source(entries[name]),
    platform: 'node',
    resolve: { conditionNames: ['@pikaci/source', 'module', 'node', 'import', 'default'] },
    // It loads its own parts by paths beside it.
    external: (id) => id === 'jiti',
    plugins: [
      {
        name: 'where jiti is',
        renderChunk: (code) =>
          code.replaceAll(/from "jiti"/g, `from "${import.meta.resolve('jiti')}"`),
      },
    ],
    logLevel: 'silent',
  });
  const dist = join(directory, 'dist');
  await mkdir(dist, { recursive: true });
  const names = { entryFileNames: `${name}.mjs`, chunkFileNames: '[name].mjs' };
  await bundle.write({ dir: dist, format: 'esm', ...names });
  await bundle.close();
  // The version is read from it.
  await copyFile(source('../../package.json'), join(directory, 'package.json'));
  return join(dist, `${name}.mjs`);
}
