import type { ChangeDecision, NamedDecision } from '@pikaci/planner';
import type { Changes } from './changes.js';

/** One line that says what became of a named target or job, and why: `target web: web/src/cart.ts matches web/**`. */
export function decisionLine(decided: NamedDecision, changes: Changes): string {
  if (decided.kind === 'job')
    return `job ${decided.jobId}: runs whatever changed, since it is named`;
  return `target ${decided.targetId}: ${reasonText(decided.decision.reason, changes)}`;
}

function reasonText(reason: ChangeDecision['reason'], changes: Changes): string {
  switch (reason.kind) {
    case 'no-filter':
      return 'runs whatever changed, since it has no paths';
    case 'no-information':
      return `runs, since it is not known what changed${changes.kind === 'unknown' ? `: ${changes.why}` : ''}`;
    case 'matched':
      return `${reason.file} matches ${reason.pattern}`;
    case 'nothing-changed':
      return 'skipped, nothing changed';
    case 'nothing-matched': {
      const { fileCount, patternCount } = reason;
      return `skipped, ${noneOf(fileCount)} matches its ${counted(patternCount, 'pattern')}`;
    }
    default: {
      const never: never = reason;
      return never;
    }
  }
}

/** Says why a run has nothing to do: how many files were held against how many patterns. */
export function skipMessage(files: readonly string[], patterns: readonly string[]): string {
  const against = counted(patterns.length, 'pattern');
  return files.length === 0
    ? `nothing selected: no changed file to match ${against}`
    : `nothing selected: ${noneOf(files.length)} matches ${against}`;
}

function noneOf(fileCount: number): string {
  return `none of ${counted(fileCount, 'changed file')}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
