import type { PreparedOutputsRecord } from '@pikaci/model';
import { oneLine } from '../text/one-line.js';

/**
 * The prepared outputs of a run in the form that readers of earlier ones know: three lines, then one for each output
 * with tabs between node, output, installable, consumer, path, kind of the payload and number of its entry points.
 */
export function formatPreparedOutputs(
  runId: string,
  { schemaVersion, outputs }: PreparedOutputsRecord,
): string {
  return [
    `run_id=${runId}`,
    `schema_version=${schemaVersion}`,
    `outputs=${outputs.length}`,
    ...outputs.map((output) =>
      [
        output.nodeId,
        output.outputName,
        output.installable,
        output.consumer,
        output.realizedPath,
        output.payload?.kind ?? '-',
        `${output.payload?.entrypoints.length ?? 0}`,
      ]
        .map(oneLine)
        .join('\t'),
    ),
  ].join('\n');
}
