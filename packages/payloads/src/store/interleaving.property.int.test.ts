import { payloadLayout, payloadLeasesDirectory, payloadsDirectory } from '@pikaci/paths';
import { createPayloadRig } from '@pikaci/testkit';
import fc from 'fast-check';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { payloadSteps } from '../index.js';
import { interleave, type BuilderScript } from './interleaving.test.helper.js';

const script: fc.Arbitrary<BuilderScript> = fc.record({
  end: fc.constantFrom('succeeds', 'succeeds', 'fails'),
  cancelledAt: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom(...payloadSteps) },
  ),
});
const scripts = fc.array(script, { minLength: 2, maxLength: 3 });
const schedule = fc.array(fc.nat({ max: 5 }), { minLength: 10, maxLength: 30 });
const entries = (dir: string) => (existsSync(dir) ? readdirSync(dir) : []);

it('leaves exactly one whole payload if any of several builders succeeded, however their steps fall together', async () => {
  await fc.assert(
    fc.asyncProperty(scripts, schedule, async (given, order) => {
      const rig = createPayloadRig();
      try {
        const builders = await interleave(rig, given, order);
        const prepared = builders.flatMap(({ outcome }) =>
          outcome?.ok === true ? [outcome.value] : [],
        );
        const built = prepared.filter(({ reused }) => !reused);
        // Everyone who is given the payload is given the same one, which was built once.
        expect(built).toHaveLength(prepared.length > 0 ? 1 : 0);
        expect(new Set(prepared.map(({ storePath }) => storePath)).size).toBe(built.length);
        const failed = builders.filter(({ builds, outcome }) => builds > 0 && !outcome?.ok);
        const builds = builders.reduce((sum, builder) => sum + builder.builds, 0);
        expect(builds).toBe(built.length + failed.length);
        const whole = given.filter(
          ({ end, cancelledAt }) => end === 'succeeds' && cancelledAt === null,
        );
        if (whole.length === given.length) expect(prepared).toHaveLength(given.length);

        const keys = built.map(({ contentKey }) => contentKey);
        for (const key of keys) {
          const { outputDir, recordFile } = payloadLayout(rig.stateRoot, key);
          expect(readFileSync(join(outputDir, 'file'), 'utf8')).toBe('content');
          expect(existsSync(recordFile)).toBe(true);
        }
        expect(entries(payloadsDirectory(rig.stateRoot))).toEqual(keys);
        expect(entries(payloadLeasesDirectory(rig.stateRoot))).toHaveLength(prepared.length);
        for (const builder of builders) await builder.close();
        expect(entries(payloadLeasesDirectory(rig.stateRoot))).toEqual([]);
      } finally {
        rig.remove();
      }
    }),
    { numRuns: 40 },
  );
});
