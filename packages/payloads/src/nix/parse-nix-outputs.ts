import { fail, ok, type Outcome } from '@pikaci/model';

/** The output paths that `nix build` printed: one a line, or as JSON, `[{"outputs": {"out": "/nix/store/…"}}]`. */
export function parseNixOutputs(payloadId: string, printed: string): Outcome<readonly string[]> {
  const text = printed.trim();
  if (!text.startsWith('[')) return ok(text === '' ? [] : text.split('\n'));
  const paths = pathsOf(text);
  if (paths !== null) return ok(paths);
  return fail('payload', `Nix printed no outputs of payload "${payloadId}" that can be read`, {
    reason: text.slice(0, 500),
    hint: 'Check the version of Nix: 2.4 and later are known.',
  });
}

function pathsOf(json: string): string[] | null {
  const built = parsed(json);
  if (!Array.isArray(built)) return null;
  const paths = built.flatMap((one: unknown): unknown[] => {
    if (typeof one !== 'object' || one === null || !('outputs' in one)) return [null];
    return typeof one.outputs === 'object' && one.outputs !== null
      ? Object.values(one.outputs)
      : [null];
  });
  return paths.every((path) => typeof path === 'string') ? paths : null;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
