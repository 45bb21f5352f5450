import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capturedIo } from './captured-io.test.helper.js';
import type { CliIo } from './io.js';
import { runCli } from './run-cli.js';

let workspace: TestWorkspace;
beforeEach(() => {
  workspace = createTestWorkspace();
});
afterEach(() => workspace.remove());

/** What `plan` prints to standard error on this configuration; the workspace is `<root>` in it. */
async function screen(name: string, text: string, world: Partial<CliIo> = {}): Promise<string> {
  workspace.write(`pikaci.config.${name}`, text);
  const io = capturedIo({ cwd: workspace.root, ...world });
  expect(await runCli(['plan'], io)).toBe(2);
  expect(io.stdout.text).toBe('');
  return `\n${io.stderr.text.replaceAll(workspace.root, '<root>')}`;
}

const jobs = (inner: string) => `schemaVersion: 1\njobs:\n${inner}`;

describe('a mistake in the configuration is shown with its line', () => {
  it('a key that is not known, with the one that was probably meant', async () => {
    const text = jobs('  unit:\n    run: npm test\n    payload: [a]\n');
    const [shown = ''] = (await screen('yaml', text)).split('\n  next:');
    expect(shown).toMatchInlineSnapshot(`
      "
      error: unknown key \`payload\` in jobs.unit, did you mean \`payloads\`?
        where: <root>/pikaci.config.yaml:5:5
            5 |     payload: [a]
              |     ^~~~~~~"
    `);
  });

  it('a value of a wrong type, behind tabs and wide characters', async () => {
    const text = `{"schemaVersion": 1,\n\t"jobs": {"a": {\t"description": "日本語 👩‍👩‍👧 é", "run": 5 }}}\n`;
    expect(await screen('json', text)).toMatchInlineSnapshot(`
      "
      error: jobs.a.run: expected a string or a list, got 5
        where: <root>/pikaci.config.json:2:58
            2 |     "jobs": {"a": { "description": "日本語 👩‍👩‍👧 é", "run": 5 }}}
              |                                                          ^
        next:  Correct the file and run the command again.
      "
    `);
  });

  it('a job that is not there', async () => {
    const text = `export default {\n  schemaVersion: 1,\n  jobs: { unit: { run: 'x' }, e2e: { run: 'x', needs: ['unti'] } },\n};\n`;
    expect(await screen('ts', text)).toMatchInlineSnapshot(`
      "
      error: unknown job \`unti\` in jobs.e2e.needs[0], did you mean \`unit\`?
        where: <root>/pikaci.config.ts:3:56
            3 |   jobs: { unit: { run: 'x' }, e2e: { run: 'x', needs: ['unti'] } },
              |                                                        ^~~~~~
        next:  Known jobs: unit, e2e.
      "
    `);
  });

  it('a key that is given twice', async () => {
    const text = jobs('  unit: { run: x }\n  "unit": { run: y }\n');
    expect(await screen('yaml', text)).toMatchInlineSnapshot(`
      "
      error: duplicate key \`unit\` in jobs, first given at line 3
        where: <root>/pikaci.config.yaml:4:3
            4 |   "unit": { run: y }
              |   ^~~~~~
        next:  Give one of the two another name, or remove it.
      "
    `);
  });

  it('a value of several lines, as far as its first one goes', async () => {
    const text = `export default {\n  schemaVersion: 1,\n  jobs: [ // one\n    { run: 'x' },\n  ],\n};\n`;
    expect(await screen('ts', text)).toMatchInlineSnapshot(`
      "
      error: jobs: expected an object, got a list
        where: <root>/pikaci.config.ts:3:9
            3 |   jobs: [ // one
              |         ^~~~~~~~
        next:  Correct the file and run the command again.
      "
    `);
  });

  it('YAML that is none', async () => {
    const text = jobs('  unit: { run: x\n  e2e: y\n');
    expect(await screen('yaml', text)).toMatchInlineSnapshot(`
      "
      error: the file is no valid YAML: Flow map in block collection must be sufficiently indented and end with a }
        where: <root>/pikaci.config.yaml:4:3
            4 |   e2e: y
              |   ^
        next:  Correct the file and run the command again.
      "
    `);
  });

  it('JSON that is none', async () => {
    const text = '{\n  "schemaVersion": 1,\n  "jobs": { unit: {} }\n}\n';
    expect(await screen('json', text)).toMatchInlineSnapshot(`
      "
      error: the file is no valid JSON: expected a key in double quotes, found "u"
        where: <root>/pikaci.config.json:3:13
            3 |   "jobs": { unit: {} }
              |             ^~~~
        next:  Correct the file and run the command again.
      "
    `);
  });

  it('code that cannot be parsed', async () => {
    const text = 'export default {\n  schemaVersion: 1\n  jobs: {},\n};\n';
    expect(await screen('ts', text)).toMatchInlineSnapshot(`
      "
      error: the file cannot be parsed: Unexpected token, expected ","
        where: <root>/pikaci.config.ts:3:3
            3 |   jobs: {},
              |   ^~~~
        next:  Correct the file and run the command again.
      "
    `);
  });

  it('code that throws', async () => {
    const text = `const env = process.env;\nexport default () => {\n  if (!env['NOPE']) throw new Error('NOPE is not set');\n  return {};\n};\n`;
    expect(await screen('mjs', text)).toMatchInlineSnapshot(`
      "
      error: the configuration threw an error: NOPE is not set
        where: <root>/pikaci.config.mjs:3:27
            3 |   if (!env['NOPE']) throw new Error('NOPE is not set');
              |                           ^~~~~~~~~~~~~~~~~~~~~~~~~~~~
        next:  Correct the file and run the command again.
      "
    `);
  });

  it('not when the line is empty', async () => {
    expect(await screen('yaml', '')).toMatchInlineSnapshot(`
      "
      error: the configuration: expected an object, got null
        where: <root>/pikaci.config.yaml:1:1
        next:  Correct the file and run the command again.
      "
    `);
  });

  it('not when the file as a whole is at fault', async () => {
    expect(await screen('mjs', 'export const jobs = {};\n')).toMatchInlineSnapshot(`
      "
      error: the file has no default export
        where: <root>/pikaci.config.mjs:1:1
        next:  End it with \`export default defineConfig({ ... })\`.
      "
    `);
  });

  it('each one of several, ten at most', async () => {
    const three = jobs('  a: { run: x, needs: [z] }\n  b: { run: x, needs: [z, a, y] }\n');
    expect(await screen('yaml', three)).toMatchInlineSnapshot(`
      "
      error: unknown job \`z\` in jobs.a.needs[0]
        where: <root>/pikaci.config.yaml:3:24
            3 |   a: { run: x, needs: [z] }
              |                        ^
        next:  Known jobs: a, b.

      error: unknown job \`z\` in jobs.b.needs[0]
        where: <root>/pikaci.config.yaml:4:24
            4 |   b: { run: x, needs: [z, a, y] }
              |                        ^
        next:  Known jobs: a, b.

      error: unknown job \`y\` in jobs.b.needs[2]
        where: <root>/pikaci.config.yaml:4:30
            4 |   b: { run: x, needs: [z, a, y] }
              |                              ^
        next:  Known jobs: a, b.
      "
    `);
    const many = jobs(Array.from({ length: 12 }, (_, n) => `  j${n}: { run: 1 }\n`).join(''));
    const shown = await screen('yaml', many);
    expect(shown.match(/\^/gu)).toHaveLength(10);
    expect(shown.endsWith('\n\nand 2 more problems in the same file\n')).toBe(true);
  });

  it('without what a terminal or a CI service would obey', async () => {
    const text = `export default {\n  schemaVersion: 1, jobs: { '\u001b[2J\u202e##[error]\u0007': 5, a: { run: 7 } },\n};\n`;
    const shown = await screen('ts', text);
    expect(shown).not.toMatch(/[^\n\P{Cc}]|\u202e|##\[/u);
    expect(shown).toMatchInlineSnapshot(`
      "
      error: the key "\\u001b[2J�##\\[error]\\u0007" in jobs must start with a letter or digit and hold only letters, digits, ".", "_" and "-" (at most 80)
        where: <root>/pikaci.config.ts:2:29
            2 |   schemaVersion: 1, jobs: { '␛[2J�##\\[error]␇': 5, a: { run: 7 } },
              |                             ^~~~~~~~~~~~~~~~~~
        next:  Correct the file and run the command again.

      error: jobs.a.run: expected a string or a list, got 7
        where: <root>/pikaci.config.ts:2:61
            2 |   schemaVersion: 1, jobs: { '␛[2J�##\\[error]␇': 5, a: { run: 7 } },
              |                                                              ^
      "
    `);
  });

  it('of a long line the part around the place, in what room there is', async () => {
    const long = (count: number) =>
      Array.from({ length: count }, (_, n) => `"j${n}":{"run":"x"}`).join(',');
    const text = `{"schemaVersion":1,"jobs":{${long(30)},"bad":{"rum":"x"},${long(20)}}}`;
    const shown = async (columns: number) => {
      const printed = await screen('json', text, { columns: () => columns });
      const [number = '', mark = ''] = printed
        .split('\n')
        .filter((line) => /^ *\d* \|/u.test(line));
      expect(Math.max(number.length, mark.length)).toBeLessThan(columns);
      return `\n${number}\n${mark}\n`;
    };
    expect(await shown(80)).toMatchInlineSnapshot(`
      "
            1 | …:{"run":"x"},"j29":{"run":"x"},"bad":{"rum":"x"},"j0":{"run":"x"},"…
              |                                 ^~~~~
      "
    `);
    expect(await shown(40)).toMatchInlineSnapshot(`
      "
            1 | …"run":"x"},"bad":{"rum":"x"…
              |             ^~~~~
      "
    `);
  });

  it('in colours on a terminal that wants them', async () => {
    const text = jobs('  unit: { run: 5 }\n');
    const terminal = { stderrIsTerminal: true };
    const shown = await screen('yaml', text, terminal);
    expect(shown).toContain('\u001b[31merror:\u001b[39m jobs.unit.run: expected');
    expect(shown).toContain('\n\u001b[2m      3 |\u001b[22m   unit: { run: 5 }\n');
    expect(shown).toContain(
      `\n\u001b[2m        |\u001b[22m ${' '.repeat(15)}\u001b[31m^\u001b[39m\n`,
    );
    const plain = await screen('yaml', text, { ...terminal, env: { NO_COLOR: '1' } });
    expect(plain).not.toContain('\u001b');
    expect(await screen('yaml', text)).toBe(plain);
  });
});

it('programs are told of line, column, end and the line itself, of each problem', async () => {
  workspace.write('pikaci.config.yaml', jobs('  a: { rum: x, needs: [z] }\n'));
  const io = capturedIo({ cwd: workspace.root });
  expect(await runCli(['plan', '--json'], io)).toBe(2);
  const sourceLine = '  a: { rum: x, needs: [z] }';
  expect(JSON.parse(io.stdout.text)).toMatchObject({
    schema_version: 1,
    error: {
      location: { line: 3, column: 3, end_column: 4, source_line: sourceLine },
      more_problems: {
        listed: [{ location: { line: 3, column: 8, end_column: 11, source_line: sourceLine } }],
        unlisted: 0,
      },
    },
  });
});
