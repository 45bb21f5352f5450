import type { FindTools } from './found-tool.js';
import { firstOf } from './project-files.js';

/** The names that make itself looks for, in its order. */
const makefiles = ['GNUmakefile', 'makefile', 'Makefile'];

/** Targets that jobs are made for. */
const usualTargets = ['test', 'check', 'lint', 'build'];

/** Make by its Makefile: a job for each usual target that it has. */
export const findMake: FindTools = (files) => {
  const makefile = firstOf(files, makefiles);
  if (makefile === null) return [];
  const all = targetsOf(files.get(makefile) ?? '');
  const targets = usualTargets.filter((target) => all.has(target));
  return [
    {
      id: 'make',
      files: [makefile],
      jobs: targets.map((target) => ({ name: target, config: { run: `make ${target}` } })),
      payloads: [],
      notes: targets.length > 0 ? [] : [`${makefile} has no target ${usualTargets.join(', ')}`],
    },
  ];
};

/** What stands before the colons of rules. `:=` is an assignment, and a tab begins a command. */
function targetsOf(text: string): ReadonlySet<string> {
  const lines = text.replace(/\\\r?\n/gu, ' ').split(/\r?\n/u);
  return new Set(
    lines.flatMap((line) => {
      const names = /^ *([^\s:=#][^:=#]*?)\s*::?(?![:=])/u.exec(line)?.[1];
      return names === undefined ? [] : names.split(/\s+/u);
    }),
  );
}
