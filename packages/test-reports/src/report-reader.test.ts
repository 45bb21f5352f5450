import { describe, expect, it } from 'vitest';
import { createReportRig, fixture, suiteOf } from './report-rig.test.helper.js';

const failing = (attributes: string, failure = '<failure message="m"/>'): string =>
  suiteOf(`<testcase ${attributes}>${failure}</testcase>`);

describe('what is kept is bounded', () => {
  it('a hundred tests are named, and the others counted', async () => {
    const rig = createReportRig();
    const cases = (from: number, count: number) =>
      Array.from(
        { length: count },
        (_, index) => `<testcase name="t${from + index}"><failure message="m"/></testcase>`,
      ).join('');
    const paths = [
      rig.report('a.xml', suiteOf(cases(0, 70))),
      rig.report('b.xml', suiteOf(cases(70, 180))),
    ];
    const { results } = await rig.read(paths);
    expect(results).toMatchObject({ tests: 250, failed: 250, moreFailedTests: 150 });
    expect(results?.failedTests.map(({ name }) => name)).toEqual(
      Array.from({ length: 100 }, (_, index) => `t${index}`),
    );
  });

  it('names and messages are cut, and no character is', async () => {
    const rig = createReportRig();
    const message = Array.from({ length: 30 }, (_, index) => `line ${index}`).join('&#10;');
    const name = `${'n'.repeat(499)}😀`;
    const read = await rig.read([
      rig.report('a.xml', failing(`name="${name}"`, `<failure message="${message}"/>`)),
      rig.report('b.xml', failing('name="b"', `<failure message="${'x'.repeat(9999)}"/>`)),
    ]);
    const [lines, long] = read.results!.failedTests;
    expect(lines?.name).toBe(`${'n'.repeat(499)} …`);
    expect(lines?.message?.split('\n')).toHaveLength(10);
    expect(lines?.message).toMatch(/line 9 …$/);
    expect(long?.message).toBe(`${'x'.repeat(2000)} …`);
  });

  it('long texts leave room for fewer tests', async () => {
    const rig = createReportRig();
    const one = `<testcase name="t"><failure message="${'x'.repeat(5000)}"/></testcase>`;
    const { results } = await rig.read([rig.report('a.xml', suiteOf(one.repeat(100)))]);
    expect(results?.failedTests.length).toBeLessThan(40);
    expect(results?.moreFailedTests).toBe(100 - results!.failedTests.length);
    expect(JSON.stringify(results).length).toBeLessThan(70_000);
  });
});

it('a secret is taken out before a text is cut, so that no part of one is left', async () => {
  const rig = createReportRig();
  const secret = 'hunter2-hunter2';
  const masker = {
    isEmpty: false,
    text: (text: string) => text.replaceAll(secret, '***'),
    stream: () => expect.fail('no stream is masked'),
  };
  const at = (length: number) => `${'x'.repeat(length - 5)}${secret}`;
  const report = failing(
    `name="${at(500)}" classname="${secret}"`,
    `<failure message="${at(2000)}"/>`,
  );
  const { results } = await rig.read([rig.report('a.xml', report)], { masker });
  expect(JSON.stringify(results)).not.toContain('hunt');
  expect(results?.failedTests[0]?.className).toBe('***');
});

it.each([
  ['after much that is nothing', (rest: string) => `${' '.repeat(64 * 1024 - 5)}${rest}`],
  ['after lines that are left out', (rest: string) => `${'=== RUN x\n'.repeat(6552)}=== ${rest}`],
])('no half of a secret is left where the text of a failure is cut, %s', async (_, before) => {
  const rig = createReportRig();
  const secret = 'hunter2-hunter2';
  const masker = {
    isEmpty: false,
    text: (text: string) => text.replaceAll(secret, '***'),
    stream: () => expect.fail('no stream is masked'),
  };
  const report = failing('name="t"', `<failure>${before(secret)}</failure>`);
  const { results } = await rig.read([rig.report('a.xml', report)], { masker });
  expect(results?.failed).toBe(1);
  expect(JSON.stringify(results)).not.toContain('hunt');
});

it('a report that is as in the snapshot was not written by the job', async () => {
  const rig = createReportRig();
  const old = fixture('vitest.xml');
  rig.inSnapshot('same.xml', old);
  rig.inSnapshot('other.xml', old.replace('0.352', '0.353'));
  const paths = ['same.xml', 'other.xml'].map((path) => rig.report(path, old));
  const { results, notes } = await rig.read(paths);
  expect(results?.reports).toBe(1);
  expect(notes).toEqual([
    'the report same.xml was not read: the job did not write it, it is as in the snapshot',
  ]);
});

it.each([
  ['UTF-16 with a mark', Buffer.from(`\ufeff${failing('name="é"')}`, 'utf16le'), 'é'],
  ['UTF-8 with a mark', Buffer.from(`\ufeff${failing('name="é"')}`), 'é'],
  [
    'Latin-1, declared',
    Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${failing('name="é"')}`, 'latin1'),
    'é',
  ],
  ['bytes of no character', Buffer.from(failing('name="é"'), 'latin1'), '\ufffd'],
  ['control characters', Buffer.from(failing('name="\u001b[31m\u0000"')), '\u001b[31m\u0000'],
  ['references to no character', Buffer.from(failing('name="a&#27;&#x1b;&lt;"')), 'a&#27;&#x1b;<'],
])('a report in %s is read', async (_, content, name) => {
  const rig = createReportRig();
  const { results, notes } = await rig.read([rig.report('a.xml', content)]);
  expect(notes).toEqual([]);
  expect(results?.failedTests[0]?.name).toBe(name);
});

describe('the file of a failed test', () => {
  it.each([
    ['as it is in the tree', 'src/a.ts', 'src/a.ts'],
    ['below a dot', './src/a.ts', 'src/a.ts'],
    ['from where the tests were run', 'lib/b.ts', 'packages/b/lib/b.ts'],
    ['with the place of the tree in the guest', '/workspace/work/src/a.ts', 'src/a.ts'],
    ['that the snapshot does not have', 'made/c.ts', 'made/c.ts'],
    ['outside of the tree', '../src/a.ts', '../src/a.ts'],
  ])('is told %s', async (_, told, file) => {
    const rig = createReportRig();
    for (const path of ['src/a.ts', 'packages/b/lib/b.ts']) rig.inSnapshot(path);
    const report = rig.report('packages/b/reports/a.xml', failing(`name="t" file="${told}"`));
    const { results } = await rig.read([report]);
    expect(results?.failedTests[0]?.file).toBe(file);
  });
});

describe('the place of a failed test', () => {
  it.each([
    [
      'the line of the failure in its file',
      'file="a.rb" line="3"',
      '# ./a.rb:17:in `x`',
      'a.rb',
      17,
    ],
    ['else its own line', 'file="a.rb" line="3"', 'b.rb:17', 'a.rb', 3],
    ['no line that is none', 'file="a.rb" line="-3"', '', 'a.rb', null],
    ['the file that its class is called by', 'classname="x/a.ts"', 'at x/a.ts:4:1', 'x/a.ts', 4],
    ['no file that is not its own', 'classname="x/a.ts"', 'at x/b.ts:4:1', null, null],
    ['no library in which it panicked', '', 't panicked at /rustc/a.rs:4:1:', null, null],
  ])('is %s', async (_, attributes, text, file, line) => {
    const rig = createReportRig();
    const report = failing(`name="t" ${attributes}`, `<failure>${text}</failure>`);
    const { results } = await rig.read([rig.report('a.xml', report)]);
    expect(results?.failedTests[0]).toMatchObject({ file, line });
  });
});

it.each([
  ['0.5', 0.5],
  ['1e-05', 0],
  ['1,024.5', 1024.5],
  ['1.024,5', 1024.5],
  ['0,012', 0.012],
  ['1,024,000', 1_024_000],
  [' 2 ', 2],
  ['', null],
  ['soon', null],
  ['-1', null],
  ['NaN', null],
  ['1e999', null],
  ['1e308', null],
])('the time "%s" is %s seconds', async (time, seconds) => {
  const rig = createReportRig();
  const report = rig.report('a.xml', `<testsuite time="${time}"/>`);
  expect((await rig.read([report])).results?.seconds).toBe(seconds);
});

it('a test counts as failed when it was skipped after that, or failed twice', async () => {
  const rig = createReportRig();
  const report = failing(
    'name="t"',
    '<skipped/><error message="first"/><failure message="second"/><skipped/>',
  );
  const { results } = await rig.read([rig.report('a.xml', report)]);
  expect(results).toMatchObject({ tests: 1, failed: 0, errors: 1, skipped: 0 });
  expect(results?.failedTests[0]).toMatchObject({ kind: 'error', message: 'first' });
});

it('only what stands in a test itself is its end, and only what is in the failure its message', async () => {
  const rig = createReportRig();
  const printed = '<system-out>printed<failure message="no"/></system-out>';
  const cases = `<testcase name="a">${printed}</testcase>
    <testcase name="b"><failure>why</failure>${printed}</testcase>
    <testcase name="c"><properties><skipped/></properties></testcase>`;
  const { results } = await rig.read([rig.report('a.xml', suiteOf(cases))]);
  expect(results).toMatchObject({ tests: 3, failed: 1, errors: 0, skipped: 0 });
  expect(results?.failedTests).toMatchObject([{ name: 'b', message: 'why' }]);
});
