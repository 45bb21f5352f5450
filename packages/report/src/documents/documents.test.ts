import { failure } from '@pikaci/model';
import { jobRecordOf, runRecordOf } from '@pikaci/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { githubAnnotations, githubSummary } from './github-document.js';
import { formatHtml } from './html-document.js';
import { formatJunit } from './junit-document.js';
import type { RunDocument } from './run-document.js';
import { xmlText } from './xml-text.js';

const attempt = {
  attempt: 1,
  status: 'failed',
  startedAt: '2026-03-07T00:00:01.000+00:00',
  finishedAt: '2026-03-07T00:00:02.000+00:00',
  exitCode: 1,
  message: 'exit code 1',
  failureKind: 'job',
  hostLogPath: '/h',
  guestLogPath: '/g',
  testResults: null,
} as const;

const jobs = [
  jobRecordOf('unit'),
  jobRecordOf('shaky', { flaky: true, attempt: 2, attempts: [attempt] }),
  jobRecordOf('red', {
    status: 'failed',
    failureKind: 'job',
    exitCode: 3,
    message: 'exit code 3: <a> & "b"',
  }),
  jobRecordOf('lost', {
    status: 'failed',
    failureKind: 'infrastructure',
    attempt: 2,
    attempts: [{ ...attempt, failureKind: 'infrastructure', message: 'gone' }],
    failure: failure('infrastructure', 'The instance is gone', { reason: 'lxc.log says so' }),
  }),
  jobRecordOf('late', { status: 'skipped', message: 'skipped: red failed' }),
];

const document: RunDocument = {
  record: runRecordOf(jobs, { status: 'failed', failureKind: 'job', gitHead: 'c'.repeat(40) }),
  logTails: new Map([
    ['red', { lines: ['expected 1', '::error::2', '```', ']]> <b>'], isCut: true, path: '/log' }],
    ['unit', { lines: ['all is well'], isCut: false, path: '/unit' }],
  ]),
};

describe('JUnit', () => {
  it('has a case for each job, and tells red tests from a machine that failed', () => {
    expect(formatJunit(document)).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="pikaci" tests="5" failures="1" errors="1" skipped="1" time="9.000">
        <testsuite name="pre-merge" tests="5" failures="1" errors="1" skipped="1" time="9.000" timestamp="2026-03-07T00:00:01.000+00:00" id="20260307T000001Z-aaaa0001">
          <properties>
            <property name="run_id" value="20260307T000001Z-aaaa0001"/>
            <property name="git_head" value="cccccccccccccccccccccccccccccccccccccccc"/>
          </properties>
          <testcase name="unit" classname="pre-merge" time="3.200">
            <properties>
              <property name="runtime" value="process"/>
              <property name="attempt" value="1"/>
            </properties>
          </testcase>
          <testcase name="shaky" classname="pre-merge" time="3.200">
            <properties>
              <property name="runtime" value="process"/>
              <property name="attempt" value="2"/>
            </properties>
            <flakyFailure message="exit code 1" type="job"/>
          </testcase>
          <testcase name="red" classname="pre-merge" time="3.200">
            <properties>
              <property name="runtime" value="process"/>
              <property name="attempt" value="1"/>
            </properties>
            <failure message="exit code 3: &lt;a&gt; &amp; &quot;b&quot;" type="job">… the whole log: /log
      expected 1
      ::error::2
      \`\`\`
      ]]&gt; &lt;b&gt;</failure>
          </testcase>
          <testcase name="lost" classname="pre-merge" time="3.200">
            <properties>
              <property name="runtime" value="process"/>
              <property name="attempt" value="2"/>
            </properties>
            <rerunFailure message="gone" type="infrastructure"/>
            <error message="The instance is gone: lxc.log says so" type="infrastructure"/>
          </testcase>
          <testcase name="late" classname="pre-merge" time="3.200">
            <properties>
              <property name="runtime" value="process"/>
              <property name="attempt" value="1"/>
            </properties>
            <skipped message="skipped: red failed"/>
          </testcase>
        </testsuite>
      </testsuites>
      "
    `);
  });

  it('calls a job that failed and may fail skipped, so that the report is not red', () => {
    const lint = jobRecordOf('lint', {
      ...{ status: 'failed', allowedFailure: true, failureKind: 'job', exitCode: 1 },
      failure: failure('job', 'exit code 1'),
    });
    const text = formatJunit({ record: runRecordOf([lint]), logTails: new Map() });
    expect(text).toContain('failures="0"');
    expect(text).toContain('<skipped message="exit code 1');
    const [annotation] = githubAnnotations({ record: runRecordOf([lint]), logTails: new Map() });
    expect(annotation).toBe('::warning title=lint%3A failed (allowed)::exit code 1');
  });

  it('calls a job that has not ended an error', () => {
    const record = runRecordOf([jobRecordOf('slow', { status: 'running', finishedAt: null })]);
    const text = formatJunit({ record, logTails: new Map() });
    expect(text).toContain('errors="1"');
    expect(text).toContain('<error message="it had not ended" type="job"/>');
  });

  it('holds nothing that XML does not allow, whatever jobs print', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (line, message) => {
        const record = runRecordOf([jobRecordOf('red', { status: 'failed', message })]);
        const tail = { lines: [line], isCut: false, path: '/log' };
        const text = formatJunit({ record, logTails: new Map([['red', tail]]) });
        expect(text).not.toMatch(/(?![\t\n\r])\p{Cc}|\p{Cs}|[\ufffe\uffff]/u);
        // Ten elements open and close at most: nothing that a job printed opens another one.
        const elements = [...text.matchAll(/<\/?([a-zA-Z]+)/g)].map(([, name]) => name);
        expect(new Set(elements)).toEqual(
          new Set(['testsuites', 'testsuite', 'properties', 'property', 'testcase', 'failure']),
        );
      }),
    );
  });
});

describe('text in XML', () => {
  it('is the same text when it is read again, but for what XML does not allow', () => {
    expect(xmlText('a<b>&"c\'\0\x1b[0m\ud800\u{1f600}\n')).toBe(
      'a&lt;b&gt;&amp;&quot;c&#39;[0m\u{1f600}\n',
    );
  });
});

describe('GitHub', () => {
  it('shows a line for each job that failed or is flaky, none of which a job can end', () => {
    expect(githubAnnotations(document)).toMatchInlineSnapshot(`
      [
        "::warning title=shaky is flaky::it passed on attempt 2",
        "::error title=red%3A failed::exit code 3: <a> & "b"%0A%0A… the whole log: /log%0Aexpected 1%0A::error::2%0A\`\`\`%0A]]> <b>",
        "::error title=lost%3A infrastructure failure::The instance is gone: lxc.log says so",
      ]
    `);
    for (const line of githubAnnotations(document)) expect(line).not.toMatch(/[\r\n]/);
  });

  it('shows why a job failed without the control sequences and commands of what it printed', () => {
    const why = failure('job', 'It failed', { reason: 'it printed:\n\u001b[2J::error::no\n' });
    const red = jobRecordOf('red', { status: 'failed', failureKind: 'job', failure: why });
    expect(githubAnnotations({ record: runRecordOf([red]), logTails: new Map() })).toEqual([
      '::error title=red%3A failed::It failed: it printed:%0A\\::error::no%0A',
    ]);
  });

  it('keeps the end of a long log', () => {
    const lines = Array.from({ length: 2000 }, (_, index) => `line ${index}`);
    const logTails = new Map([['red', { lines, isCut: false, path: '/log' }]]);
    const [red = ''] = githubAnnotations({ ...document, logTails }).filter((line) =>
      line.includes('title=red'),
    );
    expect(red).toContain('line 1999');
    expect(red).toContain('exit code 3');
    expect(red.length).toBeLessThan(8192);
  });

  it('gets a summary in Markdown in which a log stays a log', () => {
    expect(githubSummary(document)).toMatchInlineSnapshot(`
      "### ✗ pre-merge: failed

      | job | result | time | why |
      | --- | --- | --- | --- |
      | unit | ✓ passed | 3.2s |  |
      | shaky | ✓ passed (flaky, attempt 2) | 3.2s |  |
      | red | ✗ failed | 3.2s | exit code 3: \\<a\\> \\& "b" |
      | lost | ! infrastructure failure | 3.2s | The instance is gone: lxc.log says so |
      | late | - skipped | 3.2s | skipped: red failed |

      <details><summary>red: the end of its log</summary>

      \`\`\`\`\`\`text
      … the whole log: /log
      expected 1
      ::error::2
      \`\`\`
      ]]> <b>
      \`\`\`\`\`\`

      </details>

      Run \`20260307T000001Z-aaaa0001\` of cccccccccccc.
      "
    `);
  });
});

describe('the page', () => {
  it('tells each job and the end of the logs of those that failed', () => {
    const page = formatHtml(document);
    expect(page).toContain('<h1 class="failed">✗ pre-merge: failed</h1>');
    expect(page).toContain('<td>The instance is gone: lxc.log says so</td>');
    expect(page).toContain(']]&gt; &lt;b&gt;');
    expect(page).toContain('(flaky: attempt 2)');
    expect(page).not.toContain('all is well');
    expect(page).not.toMatch(/<script|<b>|https?:/);
  });
});
