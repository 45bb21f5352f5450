/** A workflow command that makes GitHub Actions show something; one line, whatever the text holds. */
export function githubCommand(name: 'error' | 'warning', title: string, text: string): string {
  return `::${name} title=${escapeProperty(title)}::${escapeData(text)}`;
}

/** Lines that can be folded. */
export function githubGroup(title: string, lines: readonly string[]): readonly string[] {
  return [`::group::${escapeData(title)}`, ...lines, '::endgroup::'];
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
