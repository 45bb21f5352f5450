import type { JobCondition, JobExplanation } from '@pikaci/model';
import { neutraliseLine } from '../output/neutralise.js';
import { plainStyle, type Style } from '../text/style.js';
import { alignColumns } from '../text/table.js';
import { formatExplanations } from './explanation-view.js';

/** The same for people. */
export function formatJobExplanation(job: JobExplanation, style: Style = plainStyle): string {
  const verdict = job.isSelected ? style.green('is run') : style.yellow('is not run');
  const rows = [
    ...job.reasons.map((reason, index) => [
      index === 0 ? 'why' : '',
      neutraliseLine(reason, false),
    ]),
    ['runtime', job.runtime],
    ...job.needs.map((need, index) => [index === 0 ? 'needs' : '', needText(need)]),
    ...(job.needs.length === 0 ? [] : [['skipped', skipText(job.when)]]),
  ];
  return [
    `${style.bold(`job ${job.jobId}`)} ${verdict}`,
    ...alignColumns(rows),
    ...(job.payloads.length === 0
      ? ['', 'no payloads']
      : ['', style.bold('payloads'), formatExplanations(job.payloads, style)]),
  ].join('\n');
}

function needText({ jobId, passedIn }: JobExplanation['needs'][number]): string {
  return passedIn === null ? jobId : `${jobId} (passed in run ${passedIn}, not run again)`;
}

function skipText(when: JobCondition): string {
  switch (when) {
    case 'success':
      return 'if one of these does not pass';
    case 'failure':
      return 'if all of these pass';
    case 'always':
      return 'never because of these';
    default: {
      const never: never = when;
      return never;
    }
  }
}
