import type { z } from 'zod';

type Issue = z.core.$ZodIssue;
type UnionIssue = z.core.$ZodIssueInvalidUnion;

/** Why no member of a union takes a value. */
export type UnionVerdict =
  /** One member was meant: its own issues say what is wrong. */
  | { readonly kind: 'member'; readonly issues: readonly Issue[] }
  /** The value has not the type of any member. */
  | { readonly kind: 'types'; readonly expected: readonly string[] };

/** Tells the member that was meant from the others: the one whose type the value has. */
export function judgeUnion(issue: UnionIssue): UnionVerdict {
  const members: readonly (readonly Issue[])[] = issue.errors;
  const meant = members.filter((issues) => rootType(issues) === null);
  const [member] = meant.sort((a, b) => a.length - b.length);
  if (member !== undefined) {
    const issues = member.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
    return { kind: 'member', issues };
  }
  return { kind: 'types', expected: members.flatMap((issues) => rootType(issues) ?? []) };
}

/** The type that the member wants instead; null when the value has its type. */
function rootType(issues: readonly Issue[]): string | null {
  const root = issues.find((issue) => issue.path.length === 0 && issue.code === 'invalid_type');
  return root?.code === 'invalid_type' ? root.expected : null;
}
