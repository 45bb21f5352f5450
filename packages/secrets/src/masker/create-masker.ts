import { noMasker, type Masker } from '@pikaci/model';
import { needlesOf } from '../forms/needles-of.js';
import { MaskingStream } from './masking-stream.js';
import { NeedleAutomaton } from './needle-automaton.js';

/** A secret by its name. */
export interface NamedSecret {
  readonly name: string;
  readonly value: string;
}

/**
 * Masks secrets with `***`, in every form that `needlesOf` knows. A stream holds back at most 1,023 bytes, and what it
 * passes on does not depend on how its input is cut. Secrets of less than 4 bytes are not masked.
 */
export function createMasker(secrets: readonly NamedSecret[]): Masker {
  const { automaton } = secretAutomaton(secrets);
  if (automaton === null) return noMasker;
  return {
    isEmpty: false,
    stream: () => new MaskingStream(automaton),
    text: (text) => {
      const stream = new MaskingStream(automaton);
      const first = stream.write(Buffer.from(text));
      return Buffer.concat([first, stream.end()]).toString('utf8');
    },
  };
}

/** All needles of all secrets, and the names of the secrets that each of them gives away. */
export function secretAutomaton(secrets: readonly NamedSecret[]): {
  readonly automaton: NeedleAutomaton | null;
  readonly names: readonly (readonly string[])[];
} {
  const owners = new Map<string, string[]>();
  for (const { name, value } of secrets) {
    for (const needle of needlesOf(value)) {
      const key = needle.toString('latin1');
      owners.set(key, [...(owners.get(key) ?? []), name]);
    }
  }
  const needles = [...owners.keys()].map((key) => Buffer.from(key, 'latin1'));
  return {
    automaton: needles.length === 0 ? null : new NeedleAutomaton(needles),
    names: [...owners.values()],
  };
}
