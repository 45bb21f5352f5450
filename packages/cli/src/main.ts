import { packageVersion } from './package-version.js';

const argv = process.argv.slice(2);
if (argv.length === 1 && argv[0] === '--version') {
  // Asked by scripts before all else: nothing is loaded for it.
  process.stdout.write(`${packageVersion()}\n`);
} else {
  const { processIo } = await import('./io.js');
  const { runCli } = await import('./run-cli.js');
  // Sets the exit code instead of ending the process, so that what was written to a pipe still gets there.
  process.exitCode = await runCli(argv, processIo());
}
