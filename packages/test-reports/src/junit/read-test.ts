/** How a test ended. Later tries of a test do not count: a report has the last one's end. */
export type TestEnd = 'passed' | 'failure' | 'error' | 'skipped';

/** A test case of a report, as it is there. */
export interface ReadTest {
  readonly end: TestEnd;
  readonly name: string;
  readonly className: string;
  /** Name of the innermost suite that has one; empty when none has. */
  readonly suite: string;
  /** Of the test, else of the innermost suite that tells; empty when none does. */
  readonly file: string;
  readonly line: string;
  /** Of the failure, as `type` and `message` have it. */
  readonly type: string;
  readonly message: string;
  /** What is inside of the failure: a stack, mostly. */
  readonly text: string;
}
