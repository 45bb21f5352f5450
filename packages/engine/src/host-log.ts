import type { RunWriter } from '@pikaci/model';

/** Writes one of pikaci's own lines to host logs. Control characters of other programs' texts are kept to the line. */
export function logLine(writer: RunWriter, paths: readonly string[], line: string): void {
  const bytes = new TextEncoder().encode(`[pikaci] ${line.replace(/[\r\n]+/g, ' ')}\n`);
  for (const path of paths) writer.appendLog(path, bytes);
}
