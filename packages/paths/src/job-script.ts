import type { JobConfig } from '@pikaci/model';
import { shellQuote } from './shell-quote.js';

/** More of a command than this says nothing in a heading. */
const longestHeading = 70;

/**
 * What a job's `sh -c` is given. Several steps are run one after another, each by a shell of its own and under a heading
 * in the output, until one fails, whose exit code is the job's. The texts stand in it as they are, in here-documents: references
 * to entry points can be replaced in the whole as in each.
 */
export function jobScript({ run, shell, cwd }: Pick<JobConfig, 'run' | 'shell' | 'cwd'>): string {
  const enter = cwd === undefined ? [] : [`cd -- ${shellQuote(cwd)} || exit`];
  return [...enter, ...commands(run, shell)].join('\n');
}

function commands(run: JobConfig['run'], shell: string | undefined): readonly string[] {
  if (typeof run === 'string') return shell === undefined ? [run] : [byShell(run, shell)];
  return run.flatMap((step) => {
    const { name = heading(commandOf(step)) } = typeof step === 'string' ? {} : step;
    const told = `printf '%s\\n' ${shellQuote(`==> ${name}`)}`;
    return [told, byShell(commandOf(step), shell ?? 'sh')];
  });
}

/** All commands of a job as one text, for whoever looks for something in them. */
export function jobText(run: JobConfig['run']): string {
  return typeof run === 'string' ? run : run.map(commandOf).join('\n');
}

/** Commands of a job's configuration, at a path in it. */
export interface JobCommands {
  readonly path: readonly string[];
  readonly text: string;
}

/** All commands that a job's configuration holds: its own, and those of its services. */
export function jobCommands({ run, services }: Pick<JobConfig, 'run' | 'services'>): JobCommands[] {
  return [
    { path: ['run'], text: jobText(run) },
    ...Object.entries(services).flatMap(([name, service]) => {
      const path = ['services', name];
      const { ready } = service;
      return [
        { path: [...path, 'run'], text: jobText(service.run) },
        ...(ready !== undefined && 'run' in ready
          ? [{ path: [...path, 'ready', 'run'], text: ready.run }]
          : []),
      ];
    }),
  ];
}

function commandOf(step: Exclude<JobConfig['run'], string>[number]): string {
  return typeof step === 'string' ? step : step.run;
}

function heading(command: string): string {
  const [first = ''] = command.trim().split('\n');
  return first.length > longestHeading ? `${first.slice(0, longestHeading - 1)}…` : first;
}

/** Standard input stays what it is: the script comes by a descriptor of its own. */
function byShell(script: string, shell: string): string {
  const end = endOfStep(script.split('\n'));
  return `${shell} /dev/fd/3 3<<'${end}' || exit\n${script}\n${end}`;
}

/** What the line may begin with that ends a here-document. */
const beginnings = [
  '',
  ...Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@%+=:,._-'),
];

/**
 * A line that ends the here-document of a step: it is none of its lines. Of a line that begins as it does and goes on with
 * a byte beyond ASCII, dash 0.5.12 loses that byte; there is none in the step, unless it has one for each beginning.
 */
function endOfStep(lines: readonly string[]): string {
  const spared = beginnings
    .map((beginning) => `${beginning}PIKACI_STEP`)
    .find((end) => !lines.some((line) => line === end || losesByte(line, end)));
  let end = spared ?? 'PIKACI_STEP';
  while (lines.includes(end)) end += '_';
  return end;
}

function losesByte(line: string, end: string): boolean {
  let common = 0;
  while (common < end.length && line[common] === end[common]) common += 1;
  return common > 0 && (line.charCodeAt(common) || 0) > 0x7f;
}
