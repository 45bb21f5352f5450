import { createPayloadRig, type PayloadRig } from '@pikaci/testkit';
import { payloadManifestRelativePath } from '@pikaci/model';
import { isWithin } from '@pikaci/paths';
import fc from 'fast-check';
import { mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { payloadConfigSchema } from '@pikaci/model';
import { manifestOfOutput } from './payload-manifest-source.js';

let rig: PayloadRig;
beforeEach(() => {
  rig = createPayloadRig();
  mkdirSync(join(rig.dir, 'outside/a'), { recursive: true });
});
afterEach(() => rig.remove());

const step = fc.constantFrom('a', 'b', 'c');
const target = fc.oneof(
  fc.array(fc.oneof(step, fc.constantFrom('..', '.', '', 'root', 'outside')), {
    minLength: 1,
    maxLength: 5,
  }),
  fc.constantFrom(['', 'etc'], ['', ''], ['..', 'outside'], ['..', '..']),
);
const entry = fc.oneof(
  { weight: 3, arbitrary: target.map((steps) => ({ to: steps.join('/') || '.' })) },
  { weight: 1, arbitrary: fc.constant('file' as const) },
  { weight: 3, arbitrary: fc.constant('directory' as const) },
);
const tree = fc.array(fc.tuple(fc.array(step, { minLength: 1, maxLength: 3 }), entry), {
  maxLength: 10,
});
/** Mostly paths that could be there, and what nobody should write. */
const relativePath = fc.oneof(
  { weight: 4, arbitrary: fc.array(step, { minLength: 1, maxLength: 4 }) },
  { weight: 2, arbitrary: fc.array(fc.oneof(step, fc.constantFrom('..', '.', '', 'outside'))) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }).map((text) => [text]) },
);
/** A mount of one of the entries, most of the time, or of any path. */
const mount = fc.record({
  name: fc.oneof({ weight: 9, arbitrary: step }, { weight: 1, arbitrary: fc.string() }),
  path: fc.oneof(
    { weight: 9, arbitrary: fc.nat(9) },
    { weight: 1, arbitrary: relativePath.map((steps) => steps.join('/')) },
  ),
});
const mounts = fc.uniqueArray(mount, { minLength: 1, maxLength: 2, selector: ({ name }) => name });

type Entries = readonly (readonly [string[], 'file' | 'directory' | { to: string }])[];

function pathOf(entries: Entries, index: number): string {
  return entries[index % Math.max(entries.length, 1)]?.[0].join('/') ?? '.';
}

/** Makes what can be made: through a link, or over something, nothing is. */
function make(root: string, entries: Entries) {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root);
  for (const [steps, what] of entries) {
    const path = join(root, ...steps);
    if (finalPath(dirname(path)) !== dirname(path)) continue;
    try {
      if (what === 'file') writeFileSync(path, '', { flag: 'wx' });
      else if (what === 'directory') mkdirSync(path);
      else symlinkSync(what.to, path);
    } catch {
      continue;
    }
  }
}

/** Where the kernel says that a path leads. */
function finalPath(path: string): string | null {
  try {
    return realpathSync.native(path);
  } catch {
    return null;
  }
}

it('lets no mount lead out of the payload, whatever the manifest says and the tree holds', async () => {
  const root = join(rig.dir, 'root');
  const payload = payloadConfigSchema.parse({ kind: 'command', run: 'x' });
  const seen = { accepted: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(tree, mounts, async (entries, declared) => {
      make(root, entries);
      const manifest = {
        schema_version: 1,
        kind: 'k',
        mounts: declared.map(({ name, path: wanted }, index) => {
          const path = typeof wanted === 'string' ? wanted : pathOf(entries, wanted);
          return { name, relative_path: path, guest_path: `/m${index}`, read_only: true };
        }),
      };
      mkdirSync(join(root, 'share/pikaci'), { recursive: true });
      writeFileSync(join(root, payloadManifestRelativePath), JSON.stringify(manifest));
      const checked = await manifestOfOutput('example', payload, 'k', root);
      seen[checked.ok ? 'accepted' : 'refused'] += 1;
      if (!checked.ok) return;
      for (const { relativePath } of checked.value.manifest.mounts) {
        const real = finalPath(join(root, relativePath));
        expect(real, relativePath).not.toBeNull();
        expect(isWithin(root, real ?? ''), `${relativePath} leads to ${real}`).toBe(true);
      }
    }),
    { numRuns: 800 },
  );
  // The property says something only when both happen often.
  expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(100);
}, 30_000);
