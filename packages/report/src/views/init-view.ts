import type { InitReport } from '@pikaci/model';
import { oneLine } from '../text/one-line.js';
import { plainStyle, type Style } from '../text/style.js';
import { alignColumns } from '../text/table.js';

/** What was found, what was written, and the next commands; with the text of the file when it was not written. */
export function formatInit(report: InitReport, style: Style = plainStyle): string {
  const { found, notes, text, written } = report;
  const rows = found.map(({ id, files, jobs }) => [
    id,
    files.map(oneLine).join(', '),
    jobsText(jobs),
  ]);
  return [
    style.bold('found'),
    ...(rows.length === 0
      ? ['  nothing that tells how this project is tested']
      : alignColumns(rows)),
    ...notes.map((note) => `${style.yellow('note:')} ${oneLine(note)}`),
    '',
    ...writtenLines(report),
    ...(written ? nextLines(report, style) : ['', text.trimEnd()]),
  ].join('\n');
}

function jobsText(jobs: readonly string[]): string {
  return jobs.length === 0 ? 'no jobs' : `jobs ${jobs.join(', ')}`;
}

function writtenLines({ file, gitignore, written }: InitReport): readonly string[] {
  return [
    `${written ? 'wrote' : 'would write'} ${oneLine(file)}`,
    ...(gitignore === 'added' ? ['added .pikaci/, where runs are kept, to .gitignore'] : []),
    ...(gitignore === 'to-be-added'
      ? ['would add .pikaci/, where runs are kept, to .gitignore']
      : []),
  ];
}

function nextLines({ found, file }: InitReport, style: Style): readonly string[] {
  const hasJobs = found.some(({ jobs }) => jobs.length > 0);
  const next = [
    ...(hasJobs ? [] : [[`edit ${oneLine(file)}`, 'its one job is a placeholder']]),
    ['npx pikaci plan', 'what a run would do'],
    ['npx pikaci run', 'run it'],
  ];
  return ['', style.bold('next'), ...alignColumns(next)];
}
