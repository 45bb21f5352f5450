/** Where in the repository something is to be shown. */
export interface GithubPlace {
  readonly file: string;
  readonly line: number | null;
}

/** A workflow command that makes GitHub Actions show something; one line, whatever the text holds. */
export function githubCommand(
  name: 'error' | 'warning',
  title: string,
  text: string,
  place: GithubPlace | null = null,
): string {
  const file = place === null ? '' : `file=${escapeProperty(place.file)},`;
  const line = place?.line == null ? '' : `line=${place.line},`;
  return `::${name} ${file}${line}title=${escapeProperty(title)}::${escapeData(text)}`;
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
