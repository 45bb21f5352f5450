import { endPrograms } from './run-program.js';

/** What has to be undone at the end, the last thing first, whether the benchmarks end by themselves or by Ctrl-C. */
export interface CleanUp {
  add(what: string, undo: () => Promise<void>): void;
  /** Undoes everything that is left to undo. A second call waits for the first. */
  run(): Promise<void>;
}

export function createCleanUp(): CleanUp {
  const undos: { what: string; undo: () => Promise<void> }[] = [];
  let running: Promise<void> | null = null;
  const run = async () => {
    await endPrograms();
    for (let next = undos.pop(); next !== undefined; next = undos.pop()) {
      const { what, undo } = next;
      await undo().catch((error: unknown) => {
        process.stderr.write(`could not ${what}: ${String(error)}\n`);
        process.exitCode = 1;
      });
    }
  };
  return {
    add: (what, undo) => undos.push({ what, undo }),
    run: () => (running ??= run()),
  };
}

const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Cleans up at Ctrl-C and at the end of a session, then ends the process. */
export function cleanUpOnSignals(cleanUp: CleanUp): void {
  for (const [signal, exitCode] of Object.entries(exitCodes)) {
    process.on(signal, () => {
      process.stderr.write(`\n${signal}: cleaning up…\n`);
      // What is under way now fails for want of its programs and directories: that is nobody's news.
      process.on('uncaughtException', () => undefined);
      void cleanUp.run().then(() => process.exit(exitCode));
    });
  }
}
