import { refused, type FakeAnswer, type FakeRequest } from './answer.js';

/** Which requests are meant: by method and by path, each optional. */
export interface RequestMatch {
  readonly method?: string | RegExp | undefined;
  readonly path?: string | RegExp | undefined;
}

/** A request that was stopped on its way, until the test lets it go on. */
export interface HeldRequest {
  /** Resolves when the request arrived. */
  readonly arrived: Promise<FakeRequest>;
  /** Lets it be answered. */
  release(): void;
}

/** What happens to a request instead of, before or after its handling. */
type Fault =
  | { readonly kind: 'answer'; readonly answer: FakeAnswer }
  | { readonly kind: 'drop'; readonly when: 'before' | 'after' | 'after-headers' }
  | {
      readonly kind: 'hold';
      readonly arrive: (r: FakeRequest) => void;
      readonly gate: Promise<void>;
    };

interface Planned {
  readonly match: RequestMatch;
  readonly fault: Fault;
  times: number;
}

/** Faults planned for requests to come. Those planned first are used first. */
export class Faults {
  readonly #planned: Planned[] = [];

  /** The next requests that match are refused with a status and words. */
  fail(match: RequestMatch, status: number, error: string, times = 1): void {
    this.#plan(match, { kind: 'answer', answer: refused(status, error) }, times);
  }

  /** The next changes of an instance are refused because another operation is running on it. */
  busy(instance: string, times = 1, operation = 'stop'): void {
    const path = new RegExp(`^/1\\.0/instances/${instance}(/state)?$`);
    const words = `Instance is busy running a "${operation}" operation`;
    const error = `Failed to create instance update operation: ${words}`;
    this.fail({ method: /^(PUT|PATCH|DELETE)$/, path }, 500, error, times);
  }

  /**
   * The connection of the next requests that match is cut: before the request has any effect, after it had its effect
   * but before the answer, or in the middle of the answer.
   */
  drop(
    match: RequestMatch,
    when: 'before' | 'after' | 'after-headers' = 'before',
    times = 1,
  ): void {
    this.#plan(match, { kind: 'drop', when }, times);
  }

  /** Stops the next request that matches until it is released. */
  hold(match: RequestMatch): HeldRequest {
    let release: () => void = () => undefined;
    let arrive: (request: FakeRequest) => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const arrived = new Promise<FakeRequest>((resolve) => (arrive = resolve));
    this.#plan(match, { kind: 'hold', arrive, gate }, 1);
    return { arrived, release };
  }

  /** Takes the fault planned for a request, if any. */
  take(request: FakeRequest): Fault | undefined {
    const index = this.#planned.findIndex(({ match }) => matches(match, request));
    const planned = this.#planned[index];
    if (!planned) return undefined;
    planned.times -= 1;
    if (planned.times <= 0) this.#planned.splice(index, 1);
    return planned.fault;
  }

  #plan(match: RequestMatch, fault: Fault, times: number): void {
    this.#planned.push({ match, fault, times });
  }
}

function matches({ method, path }: RequestMatch, request: FakeRequest): boolean {
  return isLike(method, request.method) && isLike(path, request.path);
}

function isLike(pattern: string | RegExp | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  return typeof pattern === 'string' ? pattern === text : pattern.test(text);
}
