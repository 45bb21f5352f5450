import type { CliIo } from '../io.js';

/**
 * Whether the environment asks for traces, by the variables of the OpenTelemetry specification. Only then anything that
 * makes or sends them is loaded.
 */
export function wantsTrace(env: CliIo['env']): boolean {
  const value = (name: string) => (env[name] ?? '').trim();
  const hasEndpoint =
    value('OTEL_EXPORTER_OTLP_ENDPOINT') !== '' ||
    value('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') !== '';
  const isDisabled = value('OTEL_SDK_DISABLED').toLowerCase() === 'true';
  return hasEndpoint && !isDisabled && exportsOverOtlp(value('OTEL_TRACES_EXPORTER'));
}

/** A list of exporters, of which there is one here; `none` is the name of none. */
function exportsOverOtlp(exporters: string): boolean {
  return exporters === '' || exporters.split(',').some((name) => name.trim() === 'otlp');
}
