import { ok, type Outcome } from '@pikaci/model';
import { attempt } from './file-failure.js';
import { replaceFile, type ReplaceOperations } from './replace-file.js';

/**
 * One file that is written again and again, as a whole. Writes happen one after the other; while one is under way only
 * the newest of those that wait is kept, and all who waited get its outcome.
 */
export class ReplacedFile {
  readonly #path: string;
  readonly #operations: ReplaceOperations;
  #value: () => unknown = () => null;
  #waiting: Promise<Outcome<void>> | null = null;
  #last: Promise<Outcome<void>> = Promise.resolve(ok(undefined));

  constructor(path: string, operations: ReplaceOperations) {
    this.#path = path;
    this.#operations = operations;
  }

  /**
   * Writes a JSON value, indented by two spaces. It is made when its turn has come: one that is replaced before that
   * costs nothing. An exception in making it is a bug, and rejects.
   */
  write(value: () => unknown): Promise<Outcome<void>> {
    this.#value = value;
    const flush = () => this.#flush();
    this.#waiting ??= this.#last.then(flush, flush);
    this.#last = this.#waiting;
    return this.#waiting;
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    await this.#last.catch(() => undefined);
  }

  async #flush(): Promise<Outcome<void>> {
    const value = this.#value;
    this.#waiting = null;
    const contents = `${JSON.stringify(value(), null, 2)}\n`;
    return attempt(
      { message: `The record ${this.#path} cannot be written`, file: this.#path },
      () => replaceFile(this.#path, contents, this.#operations),
    );
  }
}
