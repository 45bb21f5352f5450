/** Columns in front of what an example is for, when it does not fit beside it. */
const hangingColumns = 6;

/** An example: how far it stands to the right, the command, and what it is for. */
const example = /^( +)(\S.*?) {2,}(\S.*)$/u;

/**
 * A help text on a terminal of a width: what an example is for goes below it when it does not fit beside it, and prose
 * is broken between words. Commands are left whole, so that they can be copied.
 */
export function fitHelp(text: string, columns: number): string {
  return text
    .split('\n')
    .flatMap((line) => (line.length <= columns ? [line] : fitLine(line, columns)))
    .join('\n');
}

function fitLine(line: string, columns: number): readonly string[] {
  const [, indent, command, purpose] = example.exec(line) ?? [];
  if (indent !== undefined && command !== undefined && purpose !== undefined) {
    return [`${indent}${command}`, ...wrap(purpose, columns, ' '.repeat(hangingColumns))];
  }
  return line.startsWith(' ') ? [line] : wrap(line, columns, '');
}

function wrap(text: string, columns: number, indent: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    const longer = `${last ?? indent}${last === undefined ? '' : ' '}${word}`;
    if (last === undefined || longer.length <= columns)
      lines[Math.max(0, lines.length - 1)] = longer;
    else lines.push(`${indent}${word}`);
  }
  return lines;
}
