import type { Masker, RunWriter } from '@pikaci/model';

/** Where pikaci's own lines go, and what is taken out of them. */
export interface HostLogs {
  readonly writer: Pick<RunWriter, 'appendLog'>;
  readonly secrets: { readonly masker: Masker };
}

/** Writes one of pikaci's own lines to host logs. Control characters of other programs' texts are kept to the line. */
export function logLine(
  { writer, secrets }: HostLogs,
  paths: readonly string[],
  line: string,
): void {
  const text = secrets.masker.text(line).replace(/[\r\n]+/g, ' ');
  const bytes = new TextEncoder().encode(`[pikaci] ${text}\n`);
  for (const path of paths) writer.appendLog(path, bytes);
}
