import type { JobConfig } from '@pikaci/model';
import type { ConfigCheck } from '../config-issue.js';

/** `${{ matrix.node }}`, which is how other CI services write it, and what no shell understands. */
const foreign = /\$\{\{([^}\n]*)\}\}/u;

/** Commands for a shell have nothing that only another CI service would replace. Of other programs' texts nobody knows. */
export const checkForeignExpressions: ConfigCheck = (config) =>
  Object.entries(config.jobs).flatMap(([jobId, job]) => {
    if (job.shell !== undefined) return [];
    const found = commandsOf(job).flatMap((command) => foreign.exec(command) ?? []);
    const [text, inside = ''] = found;
    if (text === undefined) return [];
    const axis = /^\s*matrix\.([\w-]+)\s*$/u.exec(inside)?.[1];
    return [
      {
        message: `\`${text}\` in the command of job \`${jobId}\` is an expression of another CI service`,
        path: ['jobs', jobId, 'run'],
        part: 'value',
        hint:
          axis === undefined
            ? 'Use a variable of the environment, such as $NAME of `env`.'
            : `Write \${matrix:${axis}}.`,
      },
    ];
  });

function commandsOf({ run }: JobConfig): readonly string[] {
  if (typeof run === 'string') return [run];
  return run.map((step) => (typeof step === 'string' ? step : step.run));
}
