import type { PikaciConfigInput } from '@pikaci/model';
import fc from 'fast-check';

type Jobs = PikaciConfigInput['jobs'];
type Payloads = NonNullable<PikaciConfigInput['payloads']>;
type Mounts = NonNullable<Payloads[string]['mounts']>;

/** Ids, some of which are awkward as keys of objects. */
const ids = fc.uniqueArray(
  fc.oneof(
    fc.stringMatching(/^[a-z][a-z0-9]{0,7}$/),
    fc.constantFrom('constructor', 'true', 'null', 'yes', '1e3', '42', '0x1f'),
  ),
  { minLength: 1, maxLength: 4 },
);
/** Text that survives being written to a file: no halves of characters. */
const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });
const seconds = fc.integer({ min: 1, max: 100_000 });
const workspace = fc.constantFrom('overlay' as const, 'read-only' as const);
const runtime = fc.constantFrom('process' as const, 'incus' as const);
const environment = fc.dictionary(fc.stringMatching(/^[A-Za-z][A-Z0-9_]{0,5}$/), text, {
  maxKeys: 3,
});
const optional = { requiredKeys: ['run'] as ['run'] };

function payloadsOf(names: readonly string[]): fc.Arbitrary<Payloads> {
  const one = (id: string, index: number) =>
    fc.record(
      {
        description: text,
        run: text,
        env: environment,
        inputs: fc.array(fc.constantFrom('src/**', '!**/*.md', 'a b/*'), { maxLength: 2 }),
        timeoutSeconds: seconds,
        dependsOn: fc.subarray(names.slice(0, index)),
        mounts: fc.constantFrom<Mounts[]>(
          [{ name: 'm', guestPath: `/opt/${id}`, addToPath: ['bin'] }],
          [{ name: 'm', path: 'lib', workspacePath: `vendor/${id}` }],
        ),
      },
      optional,
    );
  return keyed(names, (id, index) => one(id, index).map((rest) => ({ kind: 'command', ...rest })));
}

function jobsOf(names: readonly string[], payloads: readonly string[]): fc.Arbitrary<Jobs> {
  return keyed(names, (_id, index) =>
    fc.record(
      {
        description: text,
        run: text,
        runtime,
        workspace,
        env: environment,
        timeoutSeconds: seconds,
        needs: fc.subarray(names.slice(0, index)),
        payloads: fc.subarray([...payloads]),
        artifacts: fc.array(fc.constantFrom('coverage/**', 'out-é/*'), { maxLength: 2 }),
        reports: fc.constantFrom({ junit: 'out/*.xml' }, { junit: ['a.xml', '!b/*.xml'] }),
        user: fc.constantFrom('1000', '1000:100'),
      },
      optional,
    ),
  );
}

function keyed<T>(
  names: readonly string[],
  one: (name: string, index: number) => fc.Arbitrary<T>,
): fc.Arbitrary<Record<string, T>> {
  return fc
    .tuple(...names.map(one))
    .map((values) => Object.fromEntries(values.map((value, index) => [names[index] ?? '', value])));
}

/** Configurations that satisfy the schema and every rule beyond it. */
export const validConfig: fc.Arbitrary<PikaciConfigInput> = fc
  .tuple(ids, ids)
  .chain(([jobIds, payloadIds]) =>
    fc.record(
      {
        schemaVersion: fc.constant(1 as const),
        payloads: payloadsOf(payloadIds),
        jobs: jobsOf(jobIds, payloadIds),
        targets: fc
          .subarray(jobIds, { minLength: 1 })
          .map((jobs) => ({ 'pre-merge': { jobs, paths: ['**', '!docs/**'] } })),
        defaults: fc.record({ runtime, workspace, timeoutSeconds: seconds }, { requiredKeys: [] }),
        limits: fc.record({ jobs: seconds, builds: seconds }, { requiredKeys: [] }),
      },
      { requiredKeys: ['schemaVersion', 'jobs', 'payloads'] },
    ),
  );
