import { identifierPattern } from '@pikaci/model';

/** A part of a job's command. The `text`s of all parts, in order, are the command, but for the `$` that escapes. */
export type CommandPart =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'entrypoint';
      readonly text: string;
      readonly payloadId: string;
      readonly name: string;
    }
  | {
      readonly kind: 'malformed';
      readonly text: string;
      /** Continues a sentence whose subject is the text. */
      readonly problem: string;
    };

/** `${payload:<payload id>:entrypoint:<name>}`, as messages show it. */
export const entrypointReferenceForm = '${payload:<payload id>:entrypoint:<name>}';

/**
 * What begins like a reference, to its brace or to the end of its line. A second `$` before it makes it plain text. What
 * a shell knows as its own (`${payload:-default}`, `:=`, `:?`, `:+`) is none of it.
 */
const candidate = /(\$?)(\$\{payload:(?![-=?+])[^}\n]*\}?)/g;

/**
 * Splits a job's command into text and references to entry points. `$${payload:…}` stands for the text `${payload:…}`;
 * everything else that a shell might expand stays as it is.
 */
export function parseEntrypointReferences(command: string): readonly CommandPart[] {
  const parts: CommandPart[] = [];
  let end = 0;
  for (const match of command.matchAll(candidate)) {
    const [whole, escape = '', text = ''] = match;
    parts.push({ kind: 'text', text: command.slice(end, match.index) });
    parts.push(escape === '' ? reference(text) : { kind: 'text', text });
    end = match.index + whole.length;
  }
  parts.push({ kind: 'text', text: command.slice(end) });
  return parts.filter((part) => part.text !== '');
}

function reference(text: string): CommandPart {
  const malformed = (problem: string): CommandPart => ({ kind: 'malformed', text, problem });
  if (!text.endsWith('}')) return malformed('has no closing brace on its line');
  const words = text.slice('${payload:'.length, -1).split(':');
  const [payloadId = '', keyword, name = ''] = words;
  if (words.length !== 3 || keyword !== 'entrypoint') {
    return malformed(`is not of the form ${entrypointReferenceForm}`);
  }
  const odd = [payloadId, name].find((word) => !identifierPattern.test(word));
  if (odd !== undefined) return malformed(`has ${JSON.stringify(odd)} where a name should be`);
  return { kind: 'entrypoint', text, payloadId, name };
}

/** Where such text may stand in a command after all. */
export const literalReferenceHint =
  'Write ${payload:<payload id>:entrypoint:<name>}, or $${payload:…} for the text itself.';
