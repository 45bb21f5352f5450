import type { ReadTest, TestEnd } from './read-test.js';
import { headOf } from '../text/head-of.js';
import { reportSeconds } from './report-seconds.js';

/** Most characters of a failure that are looked at: its first lines, and where it was. */
const mostText = 64 * 1024;

type Attributes = Readonly<Record<string, string>>;

/** A test case whose element has begun. */
export class OpenTest {
  readonly seconds: number | null;
  readonly #attributes: Attributes;
  readonly #around: { readonly suite: string; readonly file: string };
  /** Elements that are open, this one among them. */
  #depth = 1;
  #end: TestEnd = 'passed';
  #failure: Attributes = {};
  #text = '';
  #isInFailure = false;

  constructor(attributes: Attributes, around: { readonly suite: string; readonly file: string }) {
    this.#attributes = attributes;
    this.#around = around;
    this.seconds = reportSeconds(attributes['time']);
  }

  /** An element in it begins. The first failure or error counts, and more than `skipped`. */
  open(name: string, attributes: Attributes): void {
    this.#depth += 1;
    if (this.#depth !== 2) return;
    const isFirst = this.#end === 'passed' || this.#end === 'skipped';
    if ((name === 'failure' || name === 'error') && isFirst) {
      this.#end = name;
      this.#failure = attributes;
      this.#isInFailure = true;
    }
    if (name === 'skipped' && this.#end === 'passed') this.#end = 'skipped';
  }

  addText(text: string): void {
    // One more than is kept shows that there was more.
    if (this.#isInFailure) this.#text += text.slice(0, mostText + 1 - this.#text.length);
  }

  /** An element ends; true when it is that of the test. */
  close(): boolean {
    this.#depth -= 1;
    if (this.#depth === 1) this.#isInFailure = false;
    return this.#depth === 0;
  }

  read(): ReadTest {
    const { name = '', classname = '', file = '', line, lineno = '' } = this.#attributes;
    const { type = '', message = '' } = this.#failure;
    return {
      end: this.#end,
      name,
      className: classname,
      suite: this.#around.suite,
      file: file || this.#around.file,
      line: line ?? lineno,
      type,
      message: headOf(message, mostText),
      text: headOf(this.#text, mostText),
    };
  }
}
