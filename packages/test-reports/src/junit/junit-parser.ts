import sax from 'sax';
import { ReportProblem } from '../report-problem.js';
import { OpenTest } from './open-test.js';
import type { ReadTest } from './read-test.js';
import { reportSeconds } from './report-seconds.js';

/** Deeper than suites are nested anywhere, and no place for a document that is nothing but depth. */
const mostDepth = 100;
/** More than any element of a report has. */
const mostAttributes = 100;
/** Most characters of one name, value, comment or declaration. Text comes in pieces, of whatever length it is. */
const mostCharacters = 1024 * 1024;

// For all parsers of the process, and there are no others; its types do not know of it.
Object.assign(sax, { MAX_BUFFER_LENGTH: mostCharacters });

/** Only what XML itself defines: entities of a document's own are neither read nor put in. */
const options = { strictEntities: true, position: true };

interface OpenSuite {
  readonly name: string;
  readonly file: string;
  /** As the report has it. */
  readonly seconds: number | null;
  /** Of what is inside. */
  inside: number | null;
}

type Attributes = Readonly<Record<string, string>>;

/**
 * Reads a JUnit report piece by piece: whoever listens hears of each test when its element ends. Counts are made by who
 * listens, from the tests there are: what suites say of them is missing or wrong as often as not.
 */
export class JunitParser {
  readonly #parser: sax.SAXParser;
  readonly #onTest: (test: ReadTest) => void;
  /** The document itself is the first of them. */
  readonly #suites: OpenSuite[] = [{ name: '', file: '', seconds: null, inside: null }];
  #isBegun = false;
  #depth = 0;
  #attributes = 0;
  #test: OpenTest | null = null;

  constructor(onTest: (test: ReadTest) => void) {
    this.#onTest = onTest;
    this.#parser = sax.parser(true, options);
    this.#parser.onerror = (error) => this.#malformed(error);
    this.#parser.onattribute = () => this.#countAttribute();
    this.#parser.onopentag = ({ name, attributes }) => this.#open(name, attributes as Attributes);
    this.#parser.onclosetag = (name) => this.#close(name);
    this.#parser.ontext = (text) => this.#test?.addText(text);
    this.#parser.oncdata = (text) => this.#test?.addText(text);
  }

  /** @throws {ReportProblem} when it is no report, or none any more; no more may be written then */
  write(text: string): void {
    this.#parser.write(text);
  }

  /** @throws {ReportProblem} when something is missing */
  end(): void {
    this.#parser.close();
    if (!this.#isBegun) throw new ReportProblem('it is no JUnit report: it has no element');
  }

  /** How long the tests took; null when the report does not tell. */
  get seconds(): number | null {
    return this.#suites.reduceRight<number | null>(
      (inside, suite) => suite.seconds ?? sum(suite.inside, inside),
      null,
    );
  }

  /** Programs write `&#27;` for what their tests print, though XML has no such character: that stays as it is written. */
  #malformed(error: Error): void {
    const [what = ''] = error.message.split('\n');
    const { entity = '' } = this.#parser as { readonly entity?: string };
    if (what === 'Invalid character entity' && entity.startsWith('#')) {
      this.#parser.resume();
      return;
    }
    const { line, column } = this.#parser;
    throw new ReportProblem(`it is not well-formed at ${line + 1}:${column} (${what})`);
  }

  #countAttribute(): void {
    this.#attributes += 1;
    if (this.#attributes > mostAttributes) {
      throw new ReportProblem(`it has an element with more than ${mostAttributes} attributes`);
    }
  }

  #open(name: string, attributes: Attributes): void {
    this.#attributes = 0;
    this.#isBegun = true;
    this.#depth += 1;
    if (this.#depth > mostDepth) {
      throw new ReportProblem(`its elements are nested more than ${mostDepth} deep`);
    }
    const isSuite = name === 'testsuite' || name === 'testsuites';
    if (this.#depth === 1 && !isSuite) {
      throw new ReportProblem(`it is no JUnit report: it begins with <${name.slice(0, 40)}>`);
    }
    if (this.#test !== null) this.#test.open(name, attributes);
    else if (isSuite) this.#openSuite(attributes);
    else if (name === 'testcase') this.#test = new OpenTest(attributes, this.#innermost());
  }

  #close(name: string): void {
    this.#depth -= 1;
    if (this.#test !== null) this.#closeInTest(this.#test);
    else if (name === 'testsuite' || name === 'testsuites') this.#closeSuite();
  }

  #closeInTest(test: OpenTest): void {
    if (!test.close()) return;
    this.#test = null;
    const suite = this.#suites.at(-1);
    if (suite !== undefined) suite.inside = sum(suite.inside, test.seconds);
    this.#onTest(test.read());
  }

  #openSuite(attributes: Attributes): void {
    const around = this.#innermost();
    this.#suites.push({
      name: attributes['name'] || around.suite,
      file: attributes['file'] || around.file,
      seconds: reportSeconds(attributes['time']),
      inside: null,
    });
  }

  #closeSuite(): void {
    const closed = this.#suites.pop();
    const around = this.#suites.at(-1);
    if (closed === undefined || around === undefined) return;
    around.inside = sum(around.inside, closed.seconds ?? closed.inside);
  }

  #innermost(): { readonly suite: string; readonly file: string } {
    const { name = '', file = '' } = this.#suites.at(-1) ?? {};
    return { suite: name, file };
  }
}

function sum(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : a + b;
}
