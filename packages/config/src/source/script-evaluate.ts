import { createJiti } from 'jiti';
import { defineConfig } from '../define-config.js';

/** What a module exported, or what it threw. */
export type Evaluation =
  | { readonly ok: true; readonly hasDefault: boolean; readonly value: unknown }
  | { readonly ok: false; readonly error: unknown };

/**
 * Runs a configuration module and takes its default export: an object, a promise of one, or a function that returns
 * either. TypeScript is translated in memory; nothing is left on disk, and each call reads the file anew.
 */
export async function evaluateScript(file: string): Promise<Evaluation> {
  const jiti = createJiti(file, {
    fsCache: false,
    moduleCache: false,
    interopDefault: false,
    // The workspace need not have pikaci installed: whoever reads the configuration is there already.
    virtualModules: { '@pikaci/config': { defineConfig }, pikaci: { defineConfig } },
  });
  try {
    const module = await jiti.import<Readonly<Record<string, unknown>>>(file);
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
