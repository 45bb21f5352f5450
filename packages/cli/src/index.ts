export type { CliIo, CliOutput } from './io.js';
export { runCli } from './run-cli.js';
export type { SignalSource } from './signals/cancel-on-signals.js';
