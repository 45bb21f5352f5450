import type { RunRecord } from '@pikaci/model';
import { oneLine } from '../text/one-line.js';

/**
 * A run as one line of four fields with tabs between, the form of earlier lists: run id, status, target (else the first
 * job, else `-`) and time of creation. A field holds neither tabs nor line ends. Ends without a line end.
 */
export function formatRunLine({ runId, status, targetId, jobs, createdAt }: RunRecord): string {
  return [runId, status, targetId ?? jobs[0]?.id ?? '-', createdAt].map(field).join('\t');
}

function field(text: string): string {
  return oneLine(text).replaceAll('\t', ' ');
}
