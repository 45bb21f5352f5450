import { deferred, type Deferred } from './deferred.js';

/** A call that the code under test made, and that the test answers. */
export interface PendingCall<Request, Response> {
  readonly request: Request;
  answer(response: Response): void;
  crash(reason: Error): void;
}

/** Calls that wait for the test: it takes them one by one, in order, and answers each when it wants to. */
export class DeferredCalls<Request, Response> {
  readonly #pending: PendingCall<Request, Response>[] = [];
  readonly #takers: Deferred<PendingCall<Request, Response>>[] = [];

  /** The side of the code under test. */
  call(request: Request): Promise<Response> {
    const response = deferred<Response>();
    const pending = {
      request,
      answer: (value: Response) => response.resolve(value),
      crash: (reason: Error) => response.reject(reason),
    };
    const taker = this.#takers.shift();
    if (taker === undefined) this.#pending.push(pending);
    else taker.resolve(pending);
    return response.promise;
  }

  /** The side of the test: the next call, made already or not yet. */
  next(): Promise<PendingCall<Request, Response>> {
    const pending = this.#pending.shift();
    if (pending !== undefined) return Promise.resolve(pending);
    const taker = deferred<PendingCall<Request, Response>>();
    this.#takers.push(taker);
    return taker.promise;
  }

  /** How many calls were made and not yet taken. */
  get waiting(): number {
    return this.#pending.length;
  }
}
