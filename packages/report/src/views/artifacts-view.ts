import { formatBytes } from '../text/bytes.js';
import { oneLine } from '../text/one-line.js';
import { plainStyle, type Style } from '../text/style.js';
import { alignColumns } from '../text/table.js';
import { counted } from './payload-text.js';

/** What `artifacts` shows. */
export interface ShownArtifacts {
  readonly runId: string;
  readonly artifacts: readonly {
    readonly job: string;
    readonly path: string;
    readonly sizeBytes: number;
  }[];
  /** What lies among them and is no artifact. */
  readonly leftOut: readonly {
    readonly job: string;
    readonly path: string;
    readonly reason: string;
  }[];
}

/** The artifacts of a run: job, size and path, and how much that is together. */
export function formatArtifacts(shown: ShownArtifacts, style: Style = plainStyle): string {
  const { runId, artifacts, leftOut } = shown;
  const size = artifacts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const count = counted(artifacts.length, 'artifact');
  return [
    style.bold(`run ${runId}: ${artifacts.length === 0 ? 'no artifacts' : count}`),
    ...alignColumns(
      artifacts.map(({ job, path, sizeBytes }) => [
        oneLine(job),
        formatBytes(sizeBytes),
        oneLine(path),
      ]),
    ),
    ...leftOut.map(
      ({ job, path, reason }) => `  left out: ${oneLine(path)} of ${oneLine(job)}: ${reason}`,
    ),
    ...(artifacts.length === 0 ? [] : [`  ${formatBytes(size)} together`]),
  ].join('\n');
}
