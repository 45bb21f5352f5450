import { processIo } from './io.js';
import { runCli } from './run-cli.js';

// Sets the exit code instead of ending the process, so that what was written to a pipe still gets there.
process.exitCode = await runCli(process.argv.slice(2), processIo());
