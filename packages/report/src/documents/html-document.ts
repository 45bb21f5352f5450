import { describeFailure, type JobRecord } from '@pikaci/model';
import { verdictOf } from '../human/verdict.js';
import { neutraliseText } from '../output/neutralise.js';
import { failedCount, failedTestsText, testPlace, testTitle } from '../tests/failed-tests.js';
import { durationBetween, formatDuration } from '../text/duration.js';
import { plainStyle } from '../text/style.js';
import { logTailText, type RunDocument } from './run-document.js';
import { xmlText } from './xml-text.js';

/** Works without a network, in light and dark. */
const styleSheet = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #8884; }
.passed { color: #1a7f37; } .failed { color: #cf222e; } .skipped, .running { color: #888; }
pre { overflow-x: auto; padding: .8rem; background: #8881; font-size: 13px; }
`;

/** A run as one HTML page that needs nothing else. Text of others is text in it, whatever it holds; no script runs. */
export function formatHtml({ record, logTails }: RunDocument): string {
  const { word, symbol } = verdictOf(record, plainStyle);
  const title = `${record.targetId ?? 'pikaci'}: ${word}`;
  const durationMs = durationBetween(record.createdAt, record.finishedAt);
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${xmlText(title)}</title>`,
    `<style>${styleSheet}</style>`,
    '</head>',
    '<body>',
    `<h1 class="${record.status}">${xmlText(`${symbol} ${title}`)}</h1>`,
    `<p>${xmlText(factsOf(record, durationMs))}</p>`,
    ...(record.message === null ? [] : [`<p>${xmlText(record.message)}</p>`]),
    '<table>',
    '<tr><th>job</th><th>result</th><th>time</th><th>why</th></tr>',
    ...record.jobs.map(rowOf),
    '</table>',
    ...record.jobs.flatMap((job) => testLines(job)),
    ...record.jobs.flatMap((job) => logLines(job, logTailText(logTails.get(job.id)))),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function factsOf(
  { runId, createdAt, gitHead, gitDirty }: RunDocument['record'],
  durationMs: number | null,
): string {
  const head = gitHead === null ? [] : [`${gitHead}${gitDirty === true ? ' with changes' : ''}`];
  const time = durationMs === null ? [] : [formatDuration(durationMs)];
  return [`run ${runId}`, createdAt, ...time, ...head].join(' · ');
}

function rowOf(job: JobRecord): string {
  const { symbol, word } = verdictOf(job, plainStyle);
  const durationMs = durationBetween(job.startedAt, job.finishedAt);
  const flaky = job.flaky ? ` (flaky: attempt ${job.attempt})` : '';
  const why = job.failure === null ? (job.message ?? '') : describeFailure(job.failure);
  const cells = [
    job.id,
    `${symbol} ${word}${flaky}`,
    durationMs === null ? '' : formatDuration(durationMs),
    job.status === 'passed' ? '' : why,
  ];
  return `<tr class="${job.status}">${cells.map((text) => `<td>${xmlText(text)}</td>`).join('')}</tr>`;
}

/** The failed tests that the record names, also of a job that passed all the same. */
function testLines({ id, testResults }: JobRecord): readonly string[] {
  if (testResults === null || failedCount(testResults) === 0) return [];
  const more = failedCount(testResults) - testResults.failedTests.length;
  return [
    `<h2>${xmlText(`${id}: ${failedTestsText(testResults)}`)}</h2>`,
    '<table>',
    '<tr><th>test</th><th>where</th><th>why</th></tr>',
    ...testResults.failedTests.map((test) => {
      const cells = [testTitle(test), testPlace(test)].map((text) => `<td>${xmlText(text)}</td>`);
      return `<tr>${cells.join('')}<td><pre>${xmlText(neutraliseText(test.message ?? ''))}</pre></td></tr>`;
    }),
    '</table>',
    ...(more === 0 ? [] : [`<p>… and ${more} more</p>`]),
  ];
}

function logLines(job: JobRecord, log: string): readonly string[] {
  if (log === '' || job.status === 'passed') return [];
  return [`<h2>${xmlText(job.id)}</h2>`, `<pre>${xmlText(log)}</pre>`];
}
