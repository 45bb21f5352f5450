import type { Expression, Script, ScriptFunction, Statement } from './script-ast.js';
import { bindingsOf, defaultExport, defineConfigNames, type Binding } from './script-bindings.js';

/** Follows an expression to the literal that it stands for, as far as the file alone tells. */
export type Resolve = (expression: Binding) => Expression | null;

/** The expression that a module exports as its configuration, and how to follow the expressions in it. */
export interface ExportedConfig {
  readonly root: Expression | null;
  readonly resolve: Resolve;
}

/** Finds the exported configuration: behind defineConfig, type assertions, functions, promises and names. */
export function exportedConfig(script: Script): ExportedConfig {
  const statements = script.program.body;
  const resolver = new Resolver(statements);
  const exported = defaultExport(statements);
  return {
    root: exported === null ? null : resolver.configOf(exported),
    resolve: (expression) => resolver.resolve(expression),
  };
}

class Resolver {
  readonly #bindings: Map<string, Binding>;
  readonly #transparentCalls: Set<string>;

  constructor(statements: readonly Statement[]) {
    this.#bindings = bindingsOf(statements);
    this.#transparentCalls = defineConfigNames(statements);
  }

  /** As {@link resolve}, and a function counts as what it returns. */
  configOf(exported: Binding): Expression | null {
    const end = this.#follow(exported);
    if (!isFunction(end)) return end;
    const returned = this.#returned(end);
    return returned === null ? null : this.resolve(returned);
  }

  resolve(expression: Binding): Expression | null {
    const end = this.#follow(expression);
    return isFunction(end) ? null : end;
  }

  #follow(start: Binding): Binding {
    const seen = new Set<Binding>();
    let current = start;
    for (;;) {
      const next = this.#step(current);
      // A name may be bound, in the end, to itself.
      if (next === null || seen.has(next)) return current;
      seen.add(next);
      current = next;
    }
  }

  #step(node: Binding): Binding | null {
    if (node.type === 'Identifier') return this.#bindings.get(node.name) ?? null;
    if (node.type === 'AwaitExpression') return node.argument;
    if (node.type === 'CallExpression') {
      return this.#isTransparent(node.callee) ? firstArgument(node.arguments) : null;
    }
    const isWrapper =
      node.type === 'TSAsExpression' ||
      node.type === 'TSSatisfiesExpression' ||
      node.type === 'TSNonNullExpression' ||
      node.type === 'TSTypeAssertion' ||
      node.type === 'ParenthesizedExpression';
    return isWrapper ? node.expression : null;
  }

  /** True for calls that give back their argument: defineConfig, Promise.resolve, Object.freeze. */
  #isTransparent(callee: { readonly type: string }): boolean {
    const called = callee as Expression;
    if (called.type === 'Identifier') return this.#transparentCalls.has(called.name);
    if (called.type !== 'MemberExpression' || called.object.type !== 'Identifier') return false;
    const method = called.property.type === 'Identifier' ? called.property.name : '';
    return ['Promise.resolve', 'Object.freeze'].includes(`${called.object.name}.${method}`);
  }

  #returned(made: ScriptFunction): Expression | null {
    if (made.body.type !== 'BlockStatement') return made.body;
    for (const [name, binding] of bindingsOf(made.body.body)) this.#bindings.set(name, binding);
    const last = made.body.body.findLast((statement) => statement.type === 'ReturnStatement');
    return last?.argument ?? null;
  }
}

function isFunction(node: Binding): node is ScriptFunction {
  return (
    node.type === 'ArrowFunctionExpression' ||
    node.type === 'FunctionExpression' ||
    node.type === 'FunctionDeclaration'
  );
}

function firstArgument(found: readonly { readonly type: string }[]): Expression | null {
  const first = found[0] as Expression | { readonly type: 'SpreadElement' } | undefined;
  return first === undefined || first.type === 'SpreadElement' ? null : first;
}
