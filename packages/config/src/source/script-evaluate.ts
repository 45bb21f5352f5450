import { createJiti } from 'jiti';
import { extname } from 'node:path';
import { defineConfig } from '../define-config.js';

/** What a module exported, or what it threw. */
export type Evaluation =
  | { readonly ok: true; readonly hasDefault: boolean; readonly value: unknown }
  | { readonly ok: false; readonly error: unknown };

/**
 * Runs a configuration module and takes its default export: an object, a promise of one, or a function that returns
 * either. TypeScript is translated in memory, and nothing is left on disk.
 *
 * @param file absolute path: what imports are relative to, and what stacks name
 * @param text what is in the file
 */
export async function evaluateScript(file: string, text: string): Promise<Evaluation> {
  const jiti = createJiti(file, {
    fsCache: false,
    moduleCache: false,
    interopDefault: false,
    // The workspace need not have pikaci installed: whoever reads the configuration is there already.
    virtualModules: { '@pikaci/config': { defineConfig }, pikaci: { defineConfig } },
  });
  try {
    // Without `forceTranspile` JavaScript would go to Node's own loader, which never reads a file twice.
    const how = { id: file, filename: file, ext: extname(file), async: true, forceTranspile: true };
    const module = (await jiti.evalModule(text, how)) as Readonly<Record<string, unknown>>;
    const hasDefault = Object.hasOwn(module, 'default');
    const exported = await module['default'];
    const value: unknown = typeof exported === 'function' ? await call(exported) : exported;
    return { ok: true, hasDefault, value };
  } catch (error) {
    return { ok: false, error };
  }
}

function call(made: unknown): unknown {
  return (made as () => unknown)();
}
