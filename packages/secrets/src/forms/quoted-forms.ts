const letters: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
};

/**
 * A text as programs show it in quotes: strings of Go (`%q`), C and Python, words of a shell (`set -x`, `printf %q`),
 * and XML.
 */
export function quotedForms(text: string): readonly string[] {
  return [...literalForms(text), ...shellForms(text), ...xmlForms(text)];
}

function literalForms(text: string): string[] {
  const plain = text.replace(/[\p{Cc}\\]/gu, escapedControl);
  const quoted = [plain, plain.replaceAll('"', '\\"'), plain.replaceAll("'", "\\'")];
  return quoted.flatMap((form) => [form, form.replace(/[^\p{ASCII}]/gu, escapedCharacter)]);
}

function escapedControl(character: string): string {
  const code = character.charCodeAt(0);
  return letters[character] ?? `\\x${code.toString(16).padStart(2, '0')}`;
}

/** As Go's `%+q` does it. */
function escapedCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff
    ? `\\U${code.toString(16).padStart(8, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}

function shellForms(text: string): string[] {
  return [
    text.replaceAll("'", "'\\''"),
    text.replaceAll("'", `'"'"'`),
    text.replace(/[^\w./:=@%+,\-\n\u0080-\uffff]/g, '\\$&'),
  ];
}

function xmlForms(text: string): string[] {
  const markup = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return [
    markup,
    markup.replaceAll('"', '&quot;'),
    markup.replaceAll('"', '&quot;').replaceAll("'", '&apos;'),
    markup.replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
    markup.replaceAll('"', '&#34;').replaceAll("'", '&#39;'),
    markup.replaceAll('"', '&quot;').replaceAll("'", '&#x27;'),
  ];
}
