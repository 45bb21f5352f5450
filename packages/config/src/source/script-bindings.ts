import type { Expression, ScriptFunction, Statement } from './script-ast.js';

/** What a name in a script stands for. */
export type Binding = Expression | ScriptFunction;

/** The names that statements bind to one expression or function each. Later statements win over earlier ones. */
export function bindingsOf(statements: readonly Statement[]): Map<string, Binding> {
  const bindings = new Map<string, Binding>();
  for (const outer of statements) {
    const statement =
      outer.type === 'ExportNamedDeclaration' && outer.declaration ? outer.declaration : outer;
    if (statement.type === 'FunctionDeclaration' && statement.id) {
      bindings.set(statement.id.name, statement);
    }
    if (statement.type !== 'VariableDeclaration') continue;
    for (const { id, init } of statement.declarations) {
      if (id.type === 'Identifier' && init) bindings.set(id.name, init);
    }
  }
  return bindings;
}

/** The local names of `defineConfig`, whatever it was imported as. */
export function defineConfigNames(statements: readonly Statement[]): Set<string> {
  const names = new Set(['defineConfig']);
  for (const statement of statements) {
    if (statement.type !== 'ImportDeclaration') continue;
    for (const specifier of statement.specifiers) {
      if (specifier.type !== 'ImportSpecifier') continue;
      const { imported } = specifier;
      const name = imported.type === 'Identifier' ? imported.name : imported.value;
      if (name === 'defineConfig') names.add(specifier.local.name);
    }
  }
  return names;
}

/** What the module exports by default; null when it does not. */
export function defaultExport(statements: readonly Statement[]): Binding | null {
  for (const statement of statements) {
    if (statement.type === 'ExportDefaultDeclaration') {
      const { declaration } = statement;
      const isOther =
        declaration.type === 'ClassDeclaration' || declaration.type === 'TSDeclareFunction';
      return isOther ? null : declaration;
    }
    if (statement.type !== 'ExportNamedDeclaration' || statement.source) continue;
    for (const specifier of statement.specifiers) {
      if (specifier.type !== 'ExportSpecifier') continue;
      const { exported } = specifier;
      const name = exported.type === 'Identifier' ? exported.name : exported.value;
      if (name === 'default') return specifier.local;
    }
  }
  return null;
}
