import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createReportRig, fixture, suiteOf } from './report-rig.test.helper.js';

const laughs = Array.from(
  { length: 9 },
  (_, index) => `<!ENTITY l${index + 1} "${`&l${index};`.repeat(10)}">`,
).join('');
const mebibyte = 1024 * 1024;

describe('a report that is none is a note, and no result', () => {
  it.each([
    ['empty', '', 'it is empty'],
    ['blank', ' \n\n', 'it is no JUnit report: it has no element'],
    ['prose', 'all tests passed\n', 'it is not well-formed at 1:1'],
    ['JSON', '{"tests": 3}', 'it is not well-formed at 1:1'],
    ['a page', '<html><body/></html>', 'it is no JUnit report: it begins with <html>'],
    ['no XML but bytes', new Uint8Array([0, 255, 254, 0, 60, 0]), 'it is not well-formed'],
    ['in no encoding', '<?xml version="1.0" encoding="klingon"?><testsuite/>', 'encoding klingon'],
    [
      'billions of laughs',
      `<!DOCTYPE x [<!ENTITY l0 "ha">${laughs}]>${suiteOf('&l9;')}`,
      'Invalid character entity',
    ],
    [
      'a file of the host',
      `<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><testsuite name="&f;"/>`,
      'Invalid character entity',
    ],
    ['an entity of HTML', suiteOf('&nbsp;'), 'Invalid character entity'],
    ['depth', `<testsuite>${'<a>'.repeat(100_000)}`, 'its elements are nested more than 100 deep'],
    [
      'attributes',
      `<testsuite ${Array.from({ length: 10_000 }, (_, index) => `a${index}="" `).join('')}/>`,
      'it has an element with more than 100 attributes',
    ],
    ['a name', `<testsuite name="${'x'.repeat(3 * mebibyte)}"/>`, 'Max buffer length exceeded'],
    ['a comment', `<testsuite><!--${'x'.repeat(3 * mebibyte)}`, 'Max buffer length exceeded'],
    ['a declaration', `<!DOCTYPE x [${'x'.repeat(3 * mebibyte)}`, 'Max buffer length exceeded'],
  ])('%s', async (_, content, why) => {
    const rig = createReportRig();
    const { results, notes } = await rig.read([rig.report('a.xml', content)]);
    expect(results).toBeNull();
    expect(notes).toEqual([expect.stringContaining('the report a.xml was not read: ')]);
    expect(notes[0]).toContain(why);
  });

  it('a link, a directory, a pipe, and a report behind a link', async () => {
    const rig = createReportRig();
    rig.inSnapshot('outside.xml', suiteOf('<testcase/>'));
    const snapshot = join(rig.dir, '../snapshot');
    symlinkSync(join(snapshot, 'outside.xml'), join(rig.dir, 'link.xml'));
    symlinkSync(snapshot, join(rig.dir, 'way'));
    mkdirSync(join(rig.dir, 'dir.xml'));
    execFileSync('mkfifo', [join(rig.dir, 'pipe.xml')]);
    const paths = ['link.xml', 'way/outside.xml', 'dir.xml', 'pipe.xml', 'gone.xml', '../x.xml'];
    const { results, notes } = await rig.read(paths);
    expect(results).toBeNull();
    expect(notes).toEqual([
      'the report link.xml was not read: there is a link on the way to it',
      'the report way/outside.xml was not read: there is a link on the way to it',
      'the report dir.xml was not read: it is no regular file',
      'the report pipe.xml was not read: it is no regular file',
      'the report gone.xml was not read: ENOENT',
      'the report ../x.xml was not read: there is a link on the way to it',
    ]);
  });

  it('many of them are few notes', async () => {
    const rig = createReportRig();
    const paths = Array.from({ length: 15 }, (_, index) => rig.report(`${index}.xml`, ''));
    const { notes } = await rig.read(paths);
    expect(notes).toHaveLength(11);
    expect(notes.at(-1)).toBe('5 more reports were not read, or not to their end');
  });
});

it('of a report that breaks off, the tests before that count', async () => {
  const rig = createReportRig();
  const whole = fixture('vitest.xml');
  const half = whole.slice(0, whole.indexOf('<testcase classname="src/broken'));
  const { results, notes } = await rig.read([rig.report('a.xml', half)]);
  expect(results).toMatchObject({ reports: 1, tests: 3, failed: 1, skipped: 1, seconds: 0.352 });
  expect(notes).toEqual([
    expect.stringMatching(/^the report a.xml was read in part, 3 tests of it: .*Unclosed root tag/),
  ]);
});

it('nothing is read any more when the run is stopped', async () => {
  const rig = createReportRig();
  const signal = AbortSignal.abort();
  const read = await rig.read([rig.report('a.xml', fixture('vitest.xml'))], { signal });
  expect(read.results).toBeNull();
  expect(read.notes).toEqual(['the report a.xml was not read: the run was stopped']);
});

it('whatever is in a report, reading it ends without an exception', async () => {
  const rig = createReportRig();
  const whole = fixture('surefire.xml');
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('<', '>', '&', ']]>', '<![CDATA[', '</testcase>', '<failure ', '\u0000', '"'),
  );
  const spoilt = fc
    .tuple(fc.nat(whole.length), fc.nat(whole.length), piece)
    .map(([from, to, put]) => whole.slice(0, from) + put + whole.slice(to));
  await fc.assert(
    fc.asyncProperty(fc.oneof(spoilt, fc.uint8Array({ maxLength: 300 })), async (content) => {
      const { results, notes } = await rig.read([rig.report('a.xml', content)]);
      expect(results !== null || notes.length === 1).toBe(true);
    }),
    { numRuns: 100 },
  );
}, 60_000);
