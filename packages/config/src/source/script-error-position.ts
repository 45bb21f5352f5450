import { placeOf, type PlacedNode, type Script } from './script-ast.js';
import type { SourcePlace, SourcePosition } from './source-position.js';
import { stackPlaces } from './stack-places.js';

/**
 * Where in a module an error came up: the first place of its stack in that file, else the import that it speaks of, else
 * the default export, which was running.
 */
export function scriptErrorPosition(
  error: unknown,
  file: string,
  script: Script,
): SourcePlace | null {
  const imported = importPosition(error, script);
  // What cannot be resolved has a stack too, but one that tells less than the import itself.
  if (imported !== null && isUnresolved(error)) return imported;
  return stackPosition(error, file, script) ?? imported ?? exportPosition(script);
}

function isUnresolved(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.endsWith('MODULE_NOT_FOUND');
}

function stackPosition(error: unknown, file: string, script: Script): SourcePlace | null {
  const place = stackPlaces(error).find((candidate) => candidate.file === file);
  return place === undefined ? null : nearestCall(script, place);
}

/**
 * Translation keeps the lines of a file and moves its columns a little, so the column is taken from the call or `new` on
 * that line that is nearest to it.
 */
function nearestCall(script: Script, { line, column }: SourcePosition): SourcePlace {
  const places: SourcePlace[] = [];
  walk(script.program, (node) => {
    const place = placeOf(callPlace(node));
    if (place?.line === line) places.push(place);
  });
  const distance = (place: SourcePosition) => Math.abs(place.column - column);
  return places.sort((a, b) => distance(a) - distance(b))[0] ?? { line, column: 1 };
}

interface AnyNode extends PlacedNode {
  readonly type: string;
  readonly callee?: AnyNode;
  readonly property?: AnyNode;
  readonly source?: AnyNode;
}

/** The node at which V8 sees a call: the method of `a.b()`, the callee of `f()`, the whole of `new F()`. */
function callPlace(node: AnyNode): PlacedNode {
  if (node.type === 'NewExpression' || node.type === 'ThrowStatement') return node;
  if (node.type === 'CallExpression') return node.callee?.property ?? node.callee ?? {};
  if (node.type === 'MemberExpression') return node.property ?? {};
  // An import runs the module that it names.
  if (node.type === 'ImportDeclaration') return node.source ?? {};
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

function importPosition(error: unknown, script: Script): SourcePlace | null {
  const message = error instanceof Error ? error.message : String(error);
  for (const statement of script.program.body) {
    if (!('source' in statement) || !statement.source) continue;
    const specifier = statement.source.value.replace(/^(\.{1,2}\/)+/, '');
    if (message.includes(specifier)) return placeOf(statement.source);
  }
  return null;
}

function exportPosition(script: Script): SourcePlace | null {
  const exported = script.program.body.find(({ type }) => type === 'ExportDefaultDeclaration');
  return exported ? placeOf(exported) : null;
}
