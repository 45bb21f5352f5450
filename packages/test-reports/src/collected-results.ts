import type { FailedTest, Masker, TestResults } from '@pikaci/model';
import { failureMessage } from './junit/failure-message.js';
import type { FailurePlace } from './junit/failure-place.js';
import type { ReadTest } from './junit/read-test.js';
import { cutText, type TextLimits } from './text/cut-text.js';
import { headOf } from './text/head-of.js';

/** Most failed tests of a job that are named in its record, and most characters of all their texts: 64 KiB in ASCII. */
const mostTests = 100;
const mostCharacters = 64 * 1024;

const nameLimits: TextLimits = { lines: 10, characters: 500 };
const messageLimits: TextLimits = { lines: 10, characters: 2000 };
/** Most characters of a text that are looked at for secrets: what is kept is a small part of them. */
const mostMasked = 64 * 1024;

/** What the reports of an attempt say, while they are read. */
export class CollectedResults {
  readonly #masker: Masker;
  readonly #counts = { passed: 0, failure: 0, error: 0, skipped: 0 };
  readonly #failed: FailedTest[] = [];
  #characters = 0;
  #reports = 0;
  #seconds: number | null = null;

  constructor(masker: Masker) {
    this.#masker = masker;
  }

  /** How many tests there are so far. */
  get tests(): number {
    const { passed, failure, error, skipped } = this.#counts;
    return passed + failure + error + skipped;
  }

  /** True while failed tests are named: where one failed is of no interest for those that are only counted. */
  get hasRoom(): boolean {
    return this.#failed.length < mostTests && this.#characters < mostCharacters;
  }

  countTest({ end }: ReadTest): void {
    this.#counts[end] += 1;
  }

  countReport(seconds: number | null): void {
    this.#reports += 1;
    if (seconds !== null) this.#seconds = (this.#seconds ?? 0) + seconds;
  }

  nameTest(test: ReadTest, { file, line }: FailurePlace): void {
    const named: FailedTest = {
      name: this.#name(test.name) ?? this.#name(test.className) ?? 'a test without a name',
      suite: this.#name(test.suite),
      className: this.#name(test.className),
      file: this.#name(file ?? ''),
      line,
      kind: test.end === 'error' ? 'error' : 'failure',
      message: this.#text(failureMessage(test), messageLimits),
    };
    this.#failed.push(named);
    const texts = [named.name, named.suite, named.className, named.file, named.message];
    for (const text of texts) this.#characters += text?.length ?? 0;
  }

  /** Null when no report was read. */
  results(): TestResults | null {
    if (this.#reports === 0) return null;
    const { failure, error, skipped } = this.#counts;
    const seconds = this.#seconds === null ? null : Math.round(this.#seconds * 1000) / 1000;
    return {
      reports: this.#reports,
      tests: this.tests,
      failed: failure,
      errors: error,
      skipped,
      seconds,
      failedTests: this.#failed,
      moreFailedTests: failure + error - this.#failed.length,
    };
  }

  /** A name is one line, whatever is in it. */
  #name(text: string): string | null {
    return this.#text(text.trim(), nameLimits)?.replace(/\s*[\n\r]\s*/g, ' ') ?? null;
  }

  /** What masks has to see more than what is kept: half of a secret would be none that it knows. */
  #text(text: string, limits: TextLimits): string | null {
    return text === '' ? null : cutText(this.#masker.text(headOf(text, mostMasked)), limits);
  }
}
