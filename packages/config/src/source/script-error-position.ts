import type { PlacedNode, Script } from './script-ast.js';
import { placeOf } from './script-ast.js';
import type { SourcePosition } from './source-position.js';

/**
 * Where in a module an error came up: the first place of its stack in that file, else the import that it speaks of, else
 * the default export, which was running.
 */
export function scriptErrorPosition(
  error: unknown,
  file: string,
  script: Script,
): SourcePosition | null {
  return (
    stackPosition(error, file, script) ?? importPosition(error, script) ?? exportPosition(script)
  );
}

function stackPosition(error: unknown, file: string, script: Script): SourcePosition | null {
  if (!(error instanceof Error) || error.stack === undefined) return null;
  for (const frame of error.stack.split('\n')) {
    const match = /^\s+at .*?([^\s(]+):(\d+):(\d+)\)?$/.exec(frame);
    const [, , line, column] = match ?? [];
    if (line === undefined || column === undefined || !frame.includes(`${file}:${line}:`)) continue;
    return nearestCall(script, { line: Number(line), column: Number(column) });
  }
  return null;
}

/**
 * Translation keeps the lines of a file and moves its columns a little, so the column is taken from the call or `new` on
 * that line that is nearest to it.
 */
function nearestCall(script: Script, reported: SourcePosition): SourcePosition {
  const places: SourcePosition[] = [];
  walk(script.program, (node) => {
    const place = placeOf(callPlace(node));
    if (place?.line === reported.line) places.push(place);
  });
  const distance = (place: SourcePosition) => Math.abs(place.column - reported.column);
  return places.sort((a, b) => distance(a) - distance(b))[0] ?? reported;
}

interface AnyNode extends PlacedNode {
  readonly type: string;
  readonly callee?: AnyNode;
  readonly property?: AnyNode;
}

/** The node at which V8 sees a call: the method of `a.b()`, the callee of `f()`, the whole of `new F()`. */
function callPlace(node: AnyNode): PlacedNode {
  if (node.type === 'NewExpression' || node.type === 'ThrowStatement') return node;
  if (node.type === 'CallExpression') return node.callee?.property ?? node.callee ?? {};
  if (node.type === 'MemberExpression') return node.property ?? {};
  return {};
}

function walk(node: unknown, see: (node: AnyNode) => void): void {
  if (Array.isArray(node)) node.forEach((item) => walk(item, see));
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
  if ('type' in node && 'loc' in node) see(node as AnyNode);
  for (const [key, child] of Object.entries(node)) {
    if (key !== 'loc' && typeof child === 'object') walk(child, see);
  }
}

function importPosition(error: unknown, script: Script): SourcePosition | null {
  const message = error instanceof Error ? error.message : String(error);
  for (const statement of script.program.body) {
    if (!('source' in statement) || !statement.source) continue;
    const specifier = statement.source.value.replace(/^(\.{1,2}\/)+/, '');
    if (message.includes(specifier)) return placeOf(statement.source);
  }
  return null;
}

function exportPosition(script: Script): SourcePosition | null {
  const exported = script.program.body.find(({ type }) => type === 'ExportDefaultDeclaration');
  return exported ? placeOf(exported) : null;
}
