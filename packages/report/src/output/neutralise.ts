const escape = String.fromCharCode(0x1b);
const bell = String.fromCharCode(0x07);
const stringTerminator = String.fromCharCode(0x9c);
const singleByteCsi = String.fromCharCode(0x9b);
const singleByteStrings = [0x90, 0x98, 0x9d, 0x9e, 0x9f].map((code) => String.fromCharCode(code));

/** OSC, DCS, SOS, PM, APC: a string up to its terminator, or, so that nothing is swallowed for ever, the line's end. */
const stringSequence = `(?:${escape}[\\]PX^_]|[${singleByteStrings.join('')}]).*?(?:${bell}|${escape}\\\\|${stringTerminator}|$)`;
const controlSequence = `(?:${escape}\\[|${singleByteCsi})[0-?]*[ -/]*[@-~]?`;
const otherEscape = `${escape}[ -/]*[0-~]?`;
const anySequence = new RegExp(`${stringSequence}|${controlSequence}|${otherEscape}`, 'gsu');
const colour = new RegExp(`^${escape}\\[[\\d;:]*m$`, 'u');

/** Controls that are left when the sequences are gone, but for the tab; and what turns the reading direction around. */
const strayControl = new RegExp(
  '(?!\\t)\\p{Cc}|[\\u061c\\u200e\\u200f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]',
  'gu',
);

/** What CI services would take for a command: `::…` at the start of a line, `##[…` and `##vso[…` anywhere. */
const workflowCommand = new RegExp(`^((?:\\s|${escape}\\[[\\d;:]*m)*)::`, 'u');
const loggingCommand = /##(?=\[|vso\[)/gu;

/**
 * One line of somebody else's text, made safe to show: colours stay (where wanted), every other control sequence goes,
 * stray controls become visible pictures, and what a CI service would obey is defused with a backslash.
 */
export function neutraliseLine(line: string, color: boolean): string {
  const withoutSequences = line.replace(anySequence, (sequence) =>
    color && colour.test(sequence) ? sequence : '',
  );
  const shown = withoutSequences
    .replace(strayControl, (control) => (control === escape ? escape : picture(control)))
    .replace(workflowCommand, '$1\\::')
    .replace(loggingCommand, '##\\');
  // Colour must not run into pikaci's own text.
  return shown.includes(escape) ? `${shown}${escape}[0m` : shown;
}

/** Several lines of somebody else's text (a cause, a message), made safe to show, without colours. */
export function neutraliseText(text: string): string {
  return text
    .split(/\r*\n|\r/u)
    .map((line) => neutraliseLine(line, false))
    .join('\n');
}

/** The Unicode picture of a C0 control or DEL; the replacement character for everything else. */
function picture(control: string): string {
  const code = control.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return code === 0x7f ? '\u2421' : '\ufffd';
}
