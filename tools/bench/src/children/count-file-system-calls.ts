import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** How often functions of `node:fs` and `node:fs/promises` are called by anyone in this process meanwhile. */
export async function countFileSystemCalls(work: () => Promise<unknown>): Promise<number> {
  let calls = 0;
  const restore = [fs, fs.promises].map((module) => {
    const functions = module as unknown as Record<string, unknown>;
    const originals = Object.entries(functions).filter(
      (entry): entry is [string, (...args: unknown[]) => unknown] =>
        typeof entry[1] === 'function' && /^[a-z]/.test(entry[0]),
    );
    for (const [name, original] of originals) {
      functions[name] = (...args: unknown[]) => {
        calls += 1;
        return original.apply(module, args);
      };
    }
    return () => Object.assign(functions, Object.fromEntries(originals));
  });
  // The bindings that modules have imported follow.
  syncBuiltinESMExports();
  try {
    await work();
  } finally {
    for (const one of restore) one();
    syncBuiltinESMExports();
  }
  return calls;
}
