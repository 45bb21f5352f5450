import type { z } from 'zod';
import { toSnakeCase } from './snake-case.js';

/** What is wrong with a record, one issue after the other, each with its place as the record spells it. */
export function schemaIssuesText(error: z.ZodError): string {
  return error.issues.map(issueText).join('; ');
}

function issueText({ path, message }: z.core.$ZodIssue): string {
  const words = message.replace(/^Invalid input: /, '');
  if (path.length === 0) return words;
  const place = path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${toSnakeCase(String(step))}`))
    .join('')
    .replace(/^\./, '');
  return `${place}: ${words}`;
}
