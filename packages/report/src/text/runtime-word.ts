/** What people call a runtime: records have `host_process` for the one that configurations and options call `process`. */
export function runtimeWord(recorded: string): string {
  return recorded === 'host_process' ? 'process' : recorded;
}
