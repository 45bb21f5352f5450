import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const packages = join(import.meta.dirname, '..', '..', 'packages');

/** Source files that are neither tests nor what tests are made of. */
function sources(): readonly string[] {
  return readdirSync(packages).flatMap((name) =>
    readdirSync(join(packages, name, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !/\.test\.|(^|\/)fixtures\//.test(path))
      .map((path) => join(packages, name, 'src', path)),
  );
}

it('knows no payload by its name: another one is a change of configuration alone', () => {
  const files = sources();
  expect(files.length).toBeGreaterThan(400);
  const knowing = files.filter((file) => /workspace-(build|deps)/.test(readFileSync(file, 'utf8')));
  expect(knowing).toEqual([]);
});
