import { randomUUID } from 'node:crypto';
import { Refusal, refused, started, sync, type FakeAnswer } from './answer.js';

/** Incus' numeric codes. */
const RUNNING = 103;
const SUCCESS = 200;
const FAILURE = 400;

const statusWords = new Map([
  [RUNNING, 'Running'],
  [SUCCESS, 'Success'],
  [FAILURE, 'Failure'],
]);

/** An operation of the fake. */
export class FakeOperation {
  readonly id: string = randomUUID();
  readonly description: string;
  readonly path: string;
  metadata: Record<string, unknown> | null;
  statusCode: number = RUNNING;
  error = '';
  /** The HTTP status that waiting for a failed operation answers with. */
  errorStatus = 500;
  /** Resolves at its end. */
  readonly ended: Promise<void>;
  readonly #resources: Record<string, string[]>;
  #end: () => void = () => undefined;

  constructor(
    description: string,
    instance: string,
    query: string,
    metadata: Record<string, unknown> | null = null,
  ) {
    this.description = description;
    this.metadata = metadata;
    this.path = `/1.0/operations/${this.id}${query}`;
    this.#resources = { instances: [`/1.0/instances/${instance}`] };
    this.ended = new Promise((resolve) => (this.#end = resolve));
  }

  /** Ends it well; a second end is ignored. */
  succeed(metadata: Record<string, unknown> | null = this.metadata): void {
    if (this.statusCode !== RUNNING) return;
    this.metadata = metadata;
    this.statusCode = SUCCESS;
    this.#end();
  }

  /** Ends it badly; a second end is ignored. */
  fail(error: string, status = 500): void {
    if (this.statusCode !== RUNNING) return;
    this.error = error;
    this.errorStatus = status;
    this.statusCode = FAILURE;
    this.#end();
  }

  /** As the API shows it. */
  toJSON(): object {
    return {
      id: this.id,
      class: 'task',
      description: this.description,
      created_at: '2026-01-01T00:00:00Z',
      updated_at: '2026-01-01T00:00:00Z',
      status: statusWords.get(this.statusCode),
      status_code: this.statusCode,
      resources: this.#resources,
      metadata: this.metadata,
      may_cancel: false,
      err: this.error,
      location: 'none',
    };
  }
}

/** The operations the fake remembers. */
export class Operations {
  readonly #byId = new Map<string, FakeOperation>();
  readonly #forgetAfterMs: number;
  readonly #onChange: (operation: FakeOperation) => void;

  constructor(forgetAfterMs: number, onChange: (operation: FakeOperation) => void) {
    this.#forgetAfterMs = forgetAfterMs;
    this.#onChange = onChange;
  }

  /** Remembers an operation until some time after its end, and gives the answer that announces it. */
  start(operation: FakeOperation): FakeAnswer {
    this.#byId.set(operation.id, operation);
    this.#onChange(operation);
    void operation.ended.then(() => {
      this.#onChange(operation);
      setTimeout(() => this.#byId.delete(operation.id), this.#forgetAfterMs).unref();
    });
    return started(operation.path, operation);
  }

  /** Starts an operation that runs `work`; a refusal thrown by it is the operation's failure. */
  run(operation: FakeOperation, work: () => Promise<void> | void): FakeAnswer {
    const answer = this.start(operation);
    setImmediate(() => {
      Promise.resolve()
        .then(work)
        .then(
          () => operation.succeed(),
          (error: unknown) => {
            const status = error instanceof Refusal ? error.status : 500;
            operation.fail(error instanceof Error ? error.message : String(error), status);
          },
        );
    });
    return answer;
  }

  /** The operation, or the refusal Incus gives for one it does not know (any more). */
  get(id: string): FakeOperation {
    const operation = this.#byId.get(id);
    if (!operation) throw new Refusal(404, 'Operation not found');
    return operation;
  }

  /** The operations that are not over. */
  running(): readonly FakeOperation[] {
    return [...this.#byId.values()].filter(({ statusCode }) => statusCode < SUCCESS);
  }

  /** Forgets all operations at once, also running ones. */
  forgetAll(): void {
    this.#byId.clear();
  }

  /** The answer to `/wait`: an operation that failed answers with an error frame of its own. */
  async wait(id: string, timeout: string | null): Promise<FakeAnswer> {
    const operation = this.get(id);
    const seconds = Number(timeout ?? -1);
    if (!(await endsWithin(operation.ended, seconds)))
      return refused(500, 'context deadline exceeded');
    return operation.statusCode === SUCCESS
      ? sync(operation)
      : refused(operation.errorStatus, operation.error);
  }
}

async function endsWithin(ended: Promise<void>, seconds: number): Promise<boolean> {
  if (seconds < 0) return ended.then(() => true);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), seconds * 1000);
  });
  return Promise.race([ended.then(() => true), late]).finally(() => clearTimeout(timer));
}
