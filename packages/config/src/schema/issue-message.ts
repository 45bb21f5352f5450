import type { z } from 'zod';
import { alternatives, describeType, describeValue } from './describe-value.js';

type Issue = z.core.$ZodIssue;

/** What a place of the configuration should have held; null when the issue says it in a sentence of its own. */
export function expectation(issue: Issue): string | null {
  if (issue.code === 'invalid_type') return describeType(issue.expected);
  if (issue.code === 'invalid_value') return alternatives(issue.values.map(describeValue));
  if (issue.code === 'too_small') {
    return bound(issue.origin, Number(issue.minimum), issue.inclusive ?? true, 'least');
  }
  if (issue.code === 'too_big') {
    return bound(issue.origin, Number(issue.maximum), issue.inclusive ?? true, 'most');
  }
  return null;
}

function bound(
  origin: string,
  limit: number,
  isInclusive: boolean,
  direction: 'least' | 'most',
): string {
  if (origin === 'string' && direction === 'least' && limit === 1)
    return 'a string that is not empty';
  if (origin === 'array' && direction === 'least' && limit === 1) return 'a list that is not empty';
  if (origin === 'string') return `at ${direction} ${limit} characters`;
  if (origin === 'array') return `at ${direction} ${limit} elements`;
  const comparison = direction === 'least' ? 'greater' : 'less';
  return isInclusive
    ? `a number of at ${direction} ${limit}`
    : `a number ${comparison} than ${limit}`;
}
