import type { CompletedCommand } from './describe-program.js';

/** The values of an option, and the places at which it may be typed. */
export interface ValueCase {
  /** Quoted, each a command's path and a flag with a space between. */
  readonly patterns: readonly string[];
  readonly choices: readonly string[];
}

/** The path of each command below the program, quoted. */
export function subcommandPaths(commands: readonly CompletedCommand[]): string[] {
  return commands.flatMap(({ path }) => (path === '' ? [] : [`'${path}'`]));
}

/** Path and flag of each option that takes a value, quoted. */
export function optionPatterns(commands: readonly CompletedCommand[]): string[] {
  return commands.flatMap(({ path, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .flatMap(({ flags }) => flags.map((flag) => `'${path} ${flag}'`)),
  );
}

/** The options whose values are known; those with the same values together. */
export function valueCases(commands: readonly CompletedCommand[]): ValueCase[] {
  const cases = new Map<string, { readonly patterns: string[]; readonly choices: string[] }>();
  for (const { path, options } of commands) {
    for (const { flags, choices } of options.filter((option) => option.choices.length > 0)) {
      const known = cases.get(choices.join(' ')) ?? { patterns: [], choices: [...choices] };
      known.patterns.push(...flags.map((flag) => `'${path} ${flag}'`));
      cases.set(choices.join(' '), known);
    }
  }
  return [...cases.values()];
}
