/** The environment, or a part of it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable's value without white space around it; null when it is not set or empty, which means the same. */
export function variable(env: Environment, name: string): string | null {
  const value = (env[name] ?? '').trim();
  return value === '' ? null : value;
}

/** A variable of the exporter: what is said of traces wins over what is said of all signals. */
export function exporterVariable(
  env: Environment,
  name: string,
): { readonly name: string; readonly value: string } | null {
  for (const full of [`OTEL_EXPORTER_OTLP_TRACES_${name}`, `OTEL_EXPORTER_OTLP_${name}`]) {
    const value = variable(env, full);
    if (value !== null) return { name: full, value };
  }
  return null;
}
