import { variablePart } from './workspace-setup/job-environment.js';

/** Where services are reached, on every runtime. */
export const serviceHost = '127.0.0.1';

/** A service as the environment of its job describes it. */
export interface ServiceAddress {
  readonly name: string;
  /** Null: it has no port. */
  readonly port: number | null;
}

/** `PIKACI_SERVICE_<NAME>`: upper case, with `_` for all that is no letter or digit. */
export function serviceVariablePrefix(name: string): string {
  return `PIKACI_SERVICE_${variablePart(name)}`;
}

/** The variables by which a job finds its services: host and port of each that has a port. */
export function serviceVariables(services: readonly ServiceAddress[]): Record<string, string> {
  return Object.fromEntries(
    services.flatMap(({ name, port }) => {
      if (port === null) return [];
      const prefix = serviceVariablePrefix(name);
      return [
        [`${prefix}_HOST`, serviceHost],
        [`${prefix}_PORT`, String(port)],
      ];
    }),
  );
}

/** The variables that tell a service which it is, and where it is to listen. */
export function variablesOfService({ name, port }: ServiceAddress): Record<string, string> {
  return { PIKACI_SERVICE: name, ...(port === null ? {} : { PORT: String(port) }) };
}
