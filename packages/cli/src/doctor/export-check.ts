import type { DoctorCheck } from '@pikaci/model';
import { readSettings, shownUrl } from '@pikaci/telemetry';
import type { CliIo } from '../io.js';
import { found, limited } from './checks.js';

const name = 'traces';

/** Whether the variables for the export of traces are right. The collector is not asked. */
export function exportCheck(env: CliIo['env']): DoctorCheck {
  const read = readSettings(env);
  if (!read.ok) {
    const hint = read.error.hint ?? 'See the specification of the OTLP exporter.';
    return limited(name, read.error.message, hint);
  }
  if (read.value === null) {
    return limited(
      name,
      'TRACEPARENT is that of a trace which is not kept',
      'Unset TRACEPARENT to have traces of runs alone.',
    );
  }
  const { url, protocol } = read.value;
  return found(name, `go to ${shownUrl(url)} (${protocol})`);
}
