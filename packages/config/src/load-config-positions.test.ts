import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { directoryWith, marked } from './config-files.test.helper.js';
import { loadConfig } from './load-config.js';

/** Each case is one mistake, written in each format; `<!>` stands before the place that the failure must name. */
interface Mistake {
  readonly title: string;
  readonly message: string | RegExp;
  readonly yaml?: string;
  readonly json?: string;
  readonly ts?: string;
}

const mistakes: readonly Mistake[] = [
  {
    title: 'an unknown key',
    message: 'unknown key `payload` in jobs.unit, did you mean `payloads`?',
    yaml: 'schemaVersion: 1\njobs:\n  unit:\n    run: x\n    <!>payload: [a]\n',
    json: '{"schemaVersion": 1,\n\t"jobs": {"unit": {"run": "x",\n\t\t<!>"payload": []}}}',
    ts: `export default { schemaVersion: 1, jobs: {\n  unit: { run: 'x', <!>payload: [] },\n} };`,
  },
  {
    title: 'an unknown key at the top',
    message: 'unknown key `job` in the configuration, did you mean `jobs`?',
    yaml: 'schemaVersion: 1\njobs: {}\n<!>job: {}\n',
    json: '{"schemaVersion": 1, "jobs": {}, <!>"job": {}}',
    ts: `export default { schemaVersion: 1, jobs: {}, <!>'job': {} };`,
  },
  {
    title: 'a wrong type',
    message: 'jobs.unit.timeoutSeconds: expected a number, got "600"',
    yaml: 'schemaVersion: 1\njobs:\n  unit:\n    run: x\n    timeoutSeconds: <!>"600"\n',
    json: '{"schemaVersion": 1, "jobs": {"unit": {"run": "x", "timeoutSeconds": <!>"600"}}}',
    ts: `export default { schemaVersion: 1, jobs: { unit: { run: 'x', timeoutSeconds: <!>'600' } } };`,
  },
  {
    title: 'a value in a list',
    message: 'jobs.unit.needs[1]: expected a string, got null',
    yaml: 'schemaVersion: 1\njobs:\n  unit:\n    run: x\n    needs:\n      - a\n      - <!>null\n',
    json: '{"schemaVersion": 1, "jobs": {"unit": {"run": "x", "needs": ["a", <!>null]}}}',
    ts: `export default { schemaVersion: 1, jobs: { unit: { run: 'x', needs: ['a', <!>null] } } };`,
  },
  {
    title: 'a missing key, at what lacks it',
    message: 'missing key `run` in jobs.unit, expected a string or a list',
    yaml: 'schemaVersion: 1\njobs:\n  <!>unit:\n    needs: []\n',
    json: '{"schemaVersion": 1, "jobs": {<!>"unit": {}}}',
    ts: `export default { schemaVersion: 1, jobs: { <!>unit: { needs: [] } } };`,
  },
  {
    title: 'another version',
    message: 'schemaVersion: expected 1, got 2',
    yaml: 'schemaVersion: <!>2\njobs: {}\n',
    json: '{"schemaVersion": <!>2, "jobs": {}}',
    ts: `export default { schemaVersion: <!>2, jobs: {} };`,
  },
  {
    title: 'no object at all',
    message: 'the configuration: expected an object, got a list',
    yaml: '# a comment\n<!>- a\n',
    json: '\n\t<!>[1]',
    ts: `export default <!>[1];`,
  },
  {
    title: 'a word that is not one of a few',
    message: 'jobs.unit.runtime: expected "process" or "incus", got "incs", did you mean `incus`?',
    yaml: 'schemaVersion: 1\njobs: { unit: { run: x, runtime: <!>incs } }\n',
    json: '{"schemaVersion": 1, "jobs": {"unit": {"run": "x", "runtime": <!>"incs"}}}',
    ts: `export default { schemaVersion: 1, jobs: { unit: { run: 'x', runtime: <!>'incs' } } };`,
  },
  {
    title: 'a number that is too small',
    message: 'limits.jobs: expected a number greater than 0, got 0',
    yaml: 'schemaVersion: 1\nlimits:\n  jobs: <!>0\njobs: {}\n',
    json: '{"schemaVersion": 1, "limits": {"jobs": <!>0}, "jobs": {}}',
    ts: `export default { schemaVersion: 1, limits: { jobs: <!>0 }, jobs: {} };`,
  },
  {
    title: 'an empty list where one is no use',
    message: 'targets.all.jobs: expected a list that is not empty, got an empty list',
    yaml: 'schemaVersion: 1\njobs: {}\ntargets: { all: { jobs: <!>[] } }\n',
    json: '{"schemaVersion": 1, "jobs": {}, "targets": {"all": {"jobs": <!>[]}}}',
    ts: `export default { schemaVersion: 1, jobs: {}, targets: { all: { jobs: <!>[] } } };`,
  },
  {
    title: 'an id that is no id',
    message: /^the key "a b" in jobs must start with a letter or digit/,
    yaml: 'schemaVersion: 1\njobs:\n  <!>a b: { run: x }\n',
    json: '{"schemaVersion": 1, "jobs": {<!>"a b": {"run": "x"}}}',
    ts: `export default { schemaVersion: 1, jobs: { <!>'a b': { run: 'x' } } };`,
  },
  {
    title: 'a payload of no known kind',
    message:
      'payloads.deps.kind: expected "command", "directory", "archive" or "nix", got "comand", did you mean `command`?',
    yaml: 'schemaVersion: 1\npayloads: { deps: { kind: <!>comand } }\njobs: {}\n',
    json: '{"schemaVersion": 1, "payloads": {"deps": {"kind": <!>"comand"}}, "jobs": {}}',
    ts: `export default { schemaVersion: 1, payloads: { deps: { kind: <!>'comand' } }, jobs: {} };`,
  },
  {
    title: 'a payload without a kind',
    message:
      'missing key `kind` in payloads.deps, expected "command", "directory", "archive" or "nix"',
    yaml: 'schemaVersion: 1\npayloads: { <!>deps: { run: x } }\njobs: {}\n',
    json: '{"schemaVersion": 1, "payloads": {<!>"deps": {}}, "jobs": {}}',
    ts: `export default { schemaVersion: 1, payloads: { <!>deps: {} }, jobs: {} };`,
  },
  {
    title: 'a key of the other kind of payload',
    message: 'unknown key `run` in payloads.deps',
    yaml: 'schemaVersion: 1\npayloads:\n  deps: { kind: directory, source: /a, <!>run: x }\njobs: {}\n',
    json: '{"schemaVersion": 1, "payloads": {"deps": {"kind": "directory", "source": "/a", <!>"run": "x"}}, "jobs": {}}',
    ts: `export default { schemaVersion: 1, payloads: { deps: { kind: 'directory', source: '/a', <!>run: 'x' } }, jobs: {} };`,
  },
  {
    title: "a job's payload that is neither an id nor an object",
    message: 'jobs.unit.payloads[0]: expected a string or an object with `payload`, got 3',
    yaml: 'schemaVersion: 1\njobs: { unit: { run: x, payloads: [<!>3] } }\n',
    json: '{"schemaVersion": 1, "jobs": {"unit": {"run": "x", "payloads": [<!>3]}}}',
    ts: `export default { schemaVersion: 1, jobs: { unit: { run: 'x', payloads: [<!>3] } } };`,
  },
  {
    title: "an object in a job's payloads with a wrong key",
    message: 'unknown key `on` in jobs.unit.payloads[0]',
    yaml: 'schemaVersion: 1\njobs: { unit: { run: x, payloads: [{ payload: a, runtime: incus, <!>on: b }] } }\n',
    json: '{"schemaVersion": 1, "jobs": {"unit": {"run": "x", "payloads": [{"payload": "a", "runtime": "incus", <!>"on": 1}]}}}',
    ts: `export default { schemaVersion: 1, jobs: { unit: { run: 'x', payloads: [{ payload: 'a', runtime: 'incus', <!>on: 1 }] } } };`,
  },
  {
    title: 'a mount with two places',
    message: 'payloads.a.mounts[0]: a mount needs exactly one of guestPath and workspacePath',
    yaml: 'schemaVersion: 1\npayloads:\n  a:\n    kind: directory\n    source: /a\n    mounts:\n      - <!>name: n\n        guestPath: /n\n        workspacePath: n\njobs: {}\n',
    json: '{"schemaVersion": 1, "payloads": {"a": {"kind": "directory", "source": "/a", "mounts": [<!>{"name": "n"}]}}, "jobs": {}}',
    ts: `export default { schemaVersion: 1, payloads: { a: { kind: 'directory', source: '/a', mounts: [<!>{ name: 'n' }] } }, jobs: {} };`,
  },
  {
    title: 'a job that is not there',
    message: 'unknown job `unti` in jobs.e2e.needs[0], did you mean `unit`?',
    yaml: 'schemaVersion: 1\njobs:\n  unit: { run: x }\n  e2e: { run: x, needs: [<!>unti] }\n',
    json: '{"schemaVersion": 1, "jobs": {"unit": {"run": "x"}, "e2e": {"run": "x", "needs": [<!>"unti"]}}}',
    ts: `export default { schemaVersion: 1, jobs: { unit: { run: 'x' }, e2e: { run: 'x', needs: [<!>'unti'] } } };`,
  },
  {
    title: 'a cycle',
    message: 'jobs wait for each other in a cycle of `needs`: a -> b -> a',
    yaml: 'schemaVersion: 1\njobs:\n  a: { run: x, needs: [b] }\n  b: { run: x, needs: [<!>a] }\n',
    json: '{"schemaVersion": 1, "jobs": {"a": {"run": "x", "needs": ["b"]}, "b": {"run": "x", "needs": [<!>"a"]}}}',
    ts: `export default { schemaVersion: 1, jobs: { a: { run: 'x', needs: ['b'] }, b: { run: 'x', needs: [<!>'a'] } } };`,
  },
  {
    title: 'an id that is given twice',
    message: /^duplicate key `unit` in jobs, first given at line \d$/,
    yaml: 'schemaVersion: 1\njobs:\n  unit: { run: x }\n  <!>unit: { run: y }\n',
    json: '{"schemaVersion": 1,\n\t"jobs": {"unit": {"run": "x"},\n\t\t<!>"unit": {"run": "y"}}}',
    ts: `export default { schemaVersion: 1, jobs: {\n  unit: { run: 'x' },\n  <!>'unit': { run: 'y' },\n} };`,
  },
  {
    title: 'a mount at a path of the system',
    message:
      'payloads.a.mounts[0].guestPath: "/proc/x" lies under /proc, which belongs to the system',
    yaml: 'schemaVersion: 1\npayloads: { a: { kind: directory, source: /a, mounts: [{ name: n, guestPath: <!>/proc/x }] } }\njobs: {}\n',
    json: '{"schemaVersion": 1, "payloads": {"a": {"kind": "directory", "source": "/a", "mounts": [{"name": "n", "guestPath": <!>"/proc/x"}]}}, "jobs": {}}',
    ts: `export default { schemaVersion: 1, payloads: { a: { kind: 'directory', source: '/a', mounts: [{ name: 'n', guestPath: <!>'/proc/x' }] } }, jobs: {} };`,
  },
  {
    title: 'a syntax error',
    message: /^the file (is no valid (YAML|JSON)|cannot be parsed): /,
    yaml: 'schemaVersion: 1\njobs: {}\n<!>\tlimits: {}\n',
    json: '{"schemaVersion": 1,\n\t"jobs": {},\n<!>}',
    ts: `export default { schemaVersion: 1,\n  jobs: <!>};`,
  },
];

const names = { yaml: 'pikaci.config.yaml', json: 'pikaci.config.json', ts: 'pikaci.config.ts' };

async function expectFailureAt(name: string, text: string, message: string | RegExp) {
  const { text: written, position } = marked(text);
  const directory = await directoryWith({ [name]: written });
  const loaded = await loadConfig({ cwd: directory });
  expect(loaded).toMatchObject({
    ok: false,
    error: {
      kind: 'config',
      message: typeof message === 'string' ? message : (expect.stringMatching(message) as string),
      location: { file: join(directory, name), ...position },
    },
  });
}

describe.each(mistakes)('$title', (mistake) => {
  const written = (['yaml', 'json', 'ts'] as const).flatMap((format) => {
    const text = mistake[format];
    return text === undefined ? [] : [{ format, text }];
  });
  it.each(written)('has its place in $format', async ({ format, text }) => {
    await expectFailureAt(names[format], text, mistake.message);
  });
});

const limit = `jobs.unit.timeoutSeconds: expected a number greater than 0, got -5`;

describe('in code, a place is found', () => {
  it.each([
    [
      'behind defineConfig, under whatever name',
      `import { defineConfig as config } from '@pikaci/config';\nexport default config({ schemaVersion: 1, jobs: { unit: { run: 'x', timeoutSeconds: <!>-5 } } });`,
    ],
    [
      'behind names, type assertions and shorthand',
      `const timeoutSeconds = <!>-5;\nconst jobs = { unit: { run: 'x', timeoutSeconds } } as const;\nconst config = { schemaVersion: 1, jobs } satisfies object;\nexport { config as default };`,
    ],
    [
      'in what a function returns',
      `export default async function config() {\n  const unit = { run: 'x', timeoutSeconds: <!>-5 };\n  return { schemaVersion: 1, jobs: { unit } };\n}`,
    ],
    [
      'in what an arrow function gives, with the name of the function exported',
      `const config = () => ({ schemaVersion: 1, jobs: { unit: { run: 'x', timeoutSeconds: <!>-5 } } });\nexport default config;`,
    ],
    [
      'in a promise',
      `export default Promise.resolve({ schemaVersion: 1, jobs: { unit: { run: 'x', timeoutSeconds: <!>-5 } } });`,
    ],
    [
      'nearby, when the value is computed',
      `export default { schemaVersion: 1, jobs: { unit: { run: 'x', timeoutSeconds: <!>Math.min(3, -5) } } };`,
    ],
    [
      'nearby, when the value comes from a spread',
      `const base = { timeoutSeconds: -5 };\nexport default { schemaVersion: 1, jobs: { <!>unit: { ...base, run: 'x' } } };`,
    ],
    [
      'nearby, when everything is made by other code',
      `const make = () => ({ unit: { run: 'x', timeoutSeconds: -5 } });\nexport default { schemaVersion: 1, <!>jobs: make() };`,
    ],
  ])('%s', async (_title, text) => {
    await expectFailureAt('pikaci.config.ts', text, limit);
  });
});

describe('code that throws is told of with its message', () => {
  it.each([
    [
      'at the throwing call',
      `const a = 1;\nexport default () => {\n    throw <!>new Error('no token');\n};`,
    ],
    ['at the method that throws', `const text = '{';\n  export default JSON.<!>parse(text);`],
    [
      'at the export, when what is thrown has no stack',
      `const a = 1;\n<!>export default (() => { throw 'no token'; })();`,
    ],
    ['at the import that fails', `import { a } from <!>'./no-token.js';\nexport default { a };`],
  ])('%s', async (_title, text) => {
    await expectFailureAt(
      'pikaci.config.mjs',
      text,
      /^the configuration threw an error: .*(no.token|JSON)/,
    );
  });

  it.each([
    ['throws', 'export const a = 1;\nthrow new Error("no token");\n', 'no token', 2],
    ['cannot be parsed', '\n\nexport const a = 1 +;\n', 'Unexpected token', 3],
  ])(
    'at the import of a file that %s, with the place in that file',
    async (_title, helper, text, line) => {
      const { text: written, position } = marked(
        `\nimport { a } from <!>'./h i/a';\nexport default { a };`,
      );
      const directory = await directoryWith({ 'pikaci.config.ts': written, 'h i/a.ts': helper });
      const loaded = await loadConfig({ cwd: directory });
      expect(loaded).toMatchObject({ error: { location: position } });
      const start = `the configuration threw an error: ${text} (at ${directory}/h i/a.ts:${line}:`;
      expect(loaded.ok ? '' : loaded.error.message.slice(0, start.length)).toBe(start);
    },
  );

  it('without what it says after the first line', async () => {
    const text = `<!>export default Promise.reject('one\\ntwo');`;
    await expectFailureAt('pikaci.config.ts', text, 'the configuration threw an error: one');
  });
});

it('wants a default export', async () => {
  const text = `<!>export const config = {};`;
  await expectFailureAt('pikaci.config.ts', text, 'the file has no default export');
});

describe('in YAML', () => {
  it('an alias without an anchor has its place', async () => {
    const text = 'schemaVersion: 1\njobs: <!>*jobs\n';
    const message = 'no anchor `&jobs` stands before the alias `*jobs`';
    await expectFailureAt('pikaci.config.yaml', text, message);
  });

  it('a value behind an alias has the place of its anchor', async () => {
    const text = 'schemaVersion: 1\njobs:\n  a: &a { run: x, needs: <!>x }\n';
    await expectFailureAt('pikaci.config.yaml', text, /^jobs.a.needs: expected a list, got "x"$/);
  });

  it('a key without a value has the place of the key', async () => {
    const text = 'schemaVersion: 1\n<!>jobs:\n';
    await expectFailureAt('pikaci.config.yaml', text, 'jobs: expected an object, got null');
  });

  it('an empty file lacks everything', async () => {
    const message = 'the configuration: expected an object, got null';
    await expectFailureAt('pikaci.config.yaml', '<!>', message);
  });

  it('a second document is not overlooked', async () => {
    const text = 'schemaVersion: 1\njobs: {}\n<!>---\na: 1\n';
    await expectFailureAt('pikaci.config.yaml', text, /multiple documents/);
  });

  it('a number where a string belongs is told to be put in quotes', async () => {
    const directory = await directoryWith({
      'pikaci.config.yaml': 'schemaVersion: 1\njobs: { a: { run: x, env: { CI: true } } }\n',
    });
    expect(await loadConfig({ cwd: directory })).toMatchObject({
      error: {
        message: 'jobs.a.env.CI: expected a string, got true',
        hint: 'Put it in quotes: "true".',
      },
    });
    const digits = 'schemaVersion: 1\njobs: { a: { run: x, env: { NODE: 1.10 } } }\n';
    expect(
      await loadConfig({ cwd: await directoryWith({ 'pikaci.config.yaml': digits }) }),
    ).toMatchObject({ error: { hint: 'Put it in quotes.' } });
  });
});
