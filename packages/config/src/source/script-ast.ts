import { parse } from '@babel/parser';
import type { SourcePlace, SourcePosition } from './source-position.js';

/** A parsed TypeScript or JavaScript module. The node types are those of the parser. */
export type Script = ReturnType<typeof parse>;
export type Statement = Script['program']['body'][number];
export type Expression = Extract<Statement, { type: 'ExpressionStatement' }>['expression'];
export type ObjectLiteral = Extract<Expression, { type: 'ObjectExpression' }>;
export type ObjectEntry = Exclude<ObjectLiteral['properties'][number], { type: 'SpreadElement' }>;
export type ScriptFunction = Extract<
  Expression | Statement,
  { type: 'ArrowFunctionExpression' | 'FunctionExpression' | 'FunctionDeclaration' }
>;

/** Columns from 0. */
interface ParserPosition {
  readonly line: number;
  readonly column: number;
}

/** What has a place in a script. */
export interface PlacedNode {
  readonly loc?: { readonly start: ParserPosition; readonly end?: ParserPosition } | null;
}

/** Parses a module. Throws the parser's SyntaxError. */
export function parseScript(text: string, language: 'typescript' | 'javascript'): Script {
  return parse(text, {
    sourceType: 'module',
    plugins: language === 'typescript' ? ['typescript', 'decorators-legacy'] : [],
  });
}

/** The place of a node; null for one that the parser made up. */
export function placeOf({ loc }: PlacedNode): SourcePlace | null {
  if (!loc) return null;
  const end = loc.end === undefined ? {} : { end: fromParser(loc.end) };
  return { ...fromParser(loc.start), ...end };
}

function fromParser({ line, column }: ParserPosition): SourcePosition {
  return { line, column: column + 1 };
}

/** The name of an entry's key where it can be told without evaluation; null for a computed one. */
export function entryName(entry: ObjectEntry): string | null {
  const { key } = entry;
  if (key.type === 'Identifier') return entry.computed ? null : key.name;
  if (key.type === 'StringLiteral' || key.type === 'NumericLiteral') return String(key.value);
  return null;
}

/** The entries of an object literal whose names are known, in order. */
export function namedEntries(
  object: ObjectLiteral,
): { readonly name: string; readonly entry: ObjectEntry }[] {
  return object.properties.flatMap((entry) => {
    if (entry.type === 'SpreadElement') return [];
    const name = entryName(entry);
    return name === null ? [] : [{ name, entry }];
  });
}
