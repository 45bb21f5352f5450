/** The first place at which a text is not JSON. */
export interface JsonSyntaxError {
  readonly offset: number;
  readonly message: string;
}

// A string holds anything from the space on, but for quotes and backslashes.
const string = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])/y;
const space = /[\t\n\r ]*/y;

/**
 * Says where and why a text is not JSON; null when it is. JSON.parse is no help: whether its messages hold a position
 * depends on the version of Node and on the kind of error.
 */
export function jsonSyntaxError(text: string): JsonSyntaxError | null {
  const scanner = new JsonScanner(text);
  return scanner.document();
}

class JsonScanner {
  #offset = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonSyntaxError | null {
    return this.#value() ?? (this.#peek() === '' ? null : this.#expected('the end of the file'));
  }

  #value(): JsonSyntaxError | null {
    const next = this.#peek();
    if (next === '{') return this.#list('}', () => this.#member());
    if (next === '[') return this.#list(']', () => this.#value());
    if (this.#take(string) || this.#take(scalar)) return null;
    if (next === '"') return this.#error('unfinished or malformed string');
    return this.#expected('a value');
  }

  #member(): JsonSyntaxError | null {
    this.#peek();
    if (!this.#take(string)) return this.#expected('a key in double quotes');
    if (this.#peek() !== ':') return this.#expected('":"');
    this.#offset += 1;
    return this.#value();
  }

  #list(close: string, element: () => JsonSyntaxError | null): JsonSyntaxError | null {
    this.#offset += 1;
    if (this.#peek() === close) {
      this.#offset += 1;
      return null;
    }
    for (;;) {
      const error = element();
      if (error !== null) return error;
      const next = this.#peek();
      if (next !== close && next !== ',') return this.#expected(`"," or "${close}"`);
      this.#offset += 1;
      if (next === close) return null;
    }
  }

  /** The next character that is not white space; empty at the end. */
  #peek(): string {
    this.#take(space);
    return this.#text.charAt(this.#offset);
  }

  #take(token: RegExp): boolean {
    token.lastIndex = this.#offset;
    const match = token.exec(this.#text);
    if (match === null) return false;
    this.#offset += match[0].length;
    return true;
  }

  #expected(what: string): JsonSyntaxError {
    const found = this.#peek();
    return this.#error(
      `expected ${what}, found ${found === '' ? 'the end of the file' : JSON.stringify(found)}`,
    );
  }

  #error(message: string): JsonSyntaxError {
    return { offset: this.#offset, message };
  }
}
