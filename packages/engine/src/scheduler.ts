/** What a scheduler knows of a node: what has to have succeeded before it, and what it takes while it runs. */
export interface ScheduledNode {
  readonly id: string;
  readonly dependsOn: readonly string[];
  /** Nodes that have to have ended before it as well, in any way. */
  readonly follows?: readonly string[];
  /** Whether it is to run only when one of those it follows has not succeeded. */
  readonly onlyAfterFailure?: boolean;
  /** Names of limits it counts against, all at once, as often as they are here; one that is not limited is free. */
  readonly resources: readonly string[];
  /** Aborted to take this node alone back, if it has not started. */
  readonly signal?: AbortSignal;
}

export type NodeResult = 'succeeded' | 'failed';

/** How a node ended. */
export interface NodeEnd {
  readonly result: NodeResult;
  /** Resources that are free only when a promise resolves, which never rejects. The others are free at once. */
  readonly stillHeld?: ReadonlyMap<string, Promise<void>>;
}

/** Why a node was never started. */
export type SkipReason =
  /** Nothing starts any more. */
  | { readonly kind: 'stopped' }
  /** The node itself was taken back. */
  | { readonly kind: 'withdrawn' }
  /** It was for the case that what it follows fails, and nothing has. */
  | { readonly kind: 'unwanted' }
  /** `by`: those of its own dependencies that did not succeed, in their declared order. */
  | { readonly kind: 'blocked'; readonly by: readonly string[] };

/** A graph, its limits, and what happens to each node. */
export interface Schedule<Node extends ScheduledNode> {
  /** In the order in which nodes start when several could. Ids are unique. */
  readonly nodes: readonly Node[];
  readonly limits: ReadonlyMap<string, number>;
  /** Once it is aborted nothing starts any more; what runs is waited for. */
  readonly signal: AbortSignal;
  /** Nodes that have their result already; nothing is called for them. */
  readonly settled?: ReadonlyMap<string, NodeResult>;
  /**
   * What a node waits for when its dependencies have succeeded, before it takes any resource. Null: nothing. It ends
   * soon once the schedule is stopped or the node is taken back; either `run` or `skip` follows.
   */
  admit?(node: Node): Promise<void> | null;
  /** Does the work of a node. Called at most once for each. */
  run(node: Node): Promise<NodeEnd>;
  /** Told of a node that will not run, instead of `run`. */
  skip(node: Node, reason: SkipReason): Promise<void>;
}

/**
 * Settles every node exactly once, by `run` or by `skip`. A node starts as soon as its own dependencies have succeeded,
 * those it follows have ended, it was admitted, and all its resources are free: it takes them together, so that none is held while another is
 * waited for. It is skipped as soon as a dependency has not succeeded, or when a signal is aborted first. Nodes that can
 * never start (a cycle, an unknown dependency) are skipped when nothing else is left.
 *
 * Resolves when all is done; resources may still be held then. An exception of `run`, `admit` or `skip` is a bug: the
 * node counts as failed, the others go on, and the first such exception is thrown at the end.
 */
export function runSchedule<Node extends ScheduledNode>(schedule: Schedule<Node>): Promise<void> {
  return new ScheduleRun(schedule).done;
}

type NodeState = 'waiting' | 'asking' | 'admitted' | 'running' | 'skipped' | NodeResult;

class ScheduleRun<Node extends ScheduledNode> {
  readonly done: Promise<void>;
  readonly #schedule: Schedule<Node>;
  readonly #states: Map<string, NodeState>;
  /** How much of each resource is taken. */
  readonly #taken = new Map<string, number>();
  // Later, because a signal may be aborted from within `run` or `skip`, in the middle of a loop over the nodes.
  readonly #onAbort = () => queueMicrotask(() => this.#advance());
  #finish: () => void = () => undefined;
  #isDone = false;
  /** Calls that have not returned. */
  #inFlight = 0;
  /** Resources that nodes still hold that have ended. */
  #heldLonger = 0;
  #bug: { readonly thrown: unknown } | null = null;

  constructor(schedule: Schedule<Node>) {
    this.#schedule = schedule;
    this.#states = new Map(
      schedule.nodes.map(({ id }) => [id, schedule.settled?.get(id) ?? 'waiting']),
    );
    this.done = new Promise<void>((resolve) => {
      this.#finish = resolve;
    }).then(() => {
      if (this.#bug !== null) throw this.#bug.thrown;
    });
    for (const signal of this.#signals()) signal.addEventListener('abort', this.#onAbort);
    this.#advance();
  }

  /** Starts and skips whatever can be, and ends the schedule when nothing is left. */
  #advance(): void {
    if (this.#isDone) return;
    while (this.#settleSkips()) {
      // A skipped node may decide others that come before it.
    }
    for (const node of this.#in('waiting')) if (this.#isReady(node)) this.#ask(node);
    for (const node of this.#in('admitted')) if (this.#hasRoom(node)) this.#start(node);
    if (this.#inFlight > 0) return;
    // What was admitted and has no room waits for a resource that is held longer.
    if (this.#in('admitted').length > 0 && this.#heldLonger > 0) return;
    const stuck = this.#in('waiting');
    if (stuck.length > 0) {
      for (const node of stuck) this.#skip(node, this.#blockedBy(node, ['succeeded']));
      return;
    }
    this.#isDone = true;
    for (const signal of this.#signals()) signal.removeEventListener('abort', this.#onAbort);
    this.#finish();
  }

  #settleSkips(): boolean {
    let changed = false;
    for (const node of this.#in('waiting', 'admitted')) {
      const reason = this.#skipReason(node);
      if (reason === null) continue;
      this.#skip(node, reason);
      changed = true;
    }
    return changed;
  }

  #skipReason(node: Node): SkipReason | null {
    if (this.#schedule.signal.aborted) return { kind: 'stopped' };
    if (node.signal?.aborted === true) return { kind: 'withdrawn' };
    const blocked = this.#blockedBy(node, [
      'succeeded',
      'waiting',
      'asking',
      'admitted',
      'running',
      undefined,
    ]);
    if (blocked.by.length > 0) return blocked;
    return this.#isUnwanted(node) ? { kind: 'unwanted' } : null;
  }

  #isUnwanted({ onlyAfterFailure, follows = [] }: Node): boolean {
    return onlyAfterFailure === true && follows.every((id) => this.#states.get(id) === 'succeeded');
  }

  #hasEnded(id: string): boolean {
    const state = this.#states.get(id);
    return state === 'succeeded' || state === 'failed' || state === 'skipped';
  }

  #blockedBy(
    node: Node,
    harmless: readonly (NodeState | undefined)[],
  ): Extract<SkipReason, { kind: 'blocked' }> {
    const by = node.dependsOn.filter((id) => !harmless.includes(this.#states.get(id)));
    return { kind: 'blocked', by };
  }

  #isReady(node: Node): boolean {
    return (
      node.dependsOn.every((id) => this.#states.get(id) === 'succeeded') &&
      (node.follows ?? []).every((id) => this.#hasEnded(id)) &&
      !this.#schedule.signal.aborted
    );
  }

  #ask(node: Node): void {
    const admitting = this.#schedule.admit?.(node) ?? null;
    if (admitting === null) {
      this.#states.set(node.id, 'admitted');
      return;
    }
    this.#states.set(node.id, 'asking');
    this.#track(async () => {
      try {
        await admitting;
      } finally {
        this.#states.set(node.id, 'admitted');
      }
    });
  }

  #hasRoom(node: Node): boolean {
    const { limits, signal } = this.#schedule;
    const wanted = (name: string) => node.resources.filter((other) => other === name).length;
    const fits = (name: string) =>
      this.#takenOf(name) + wanted(name) <= (limits.get(name) ?? Infinity);
    return !signal.aborted && node.resources.every(fits);
  }

  #start(node: Node): void {
    this.#states.set(node.id, 'running');
    for (const name of node.resources) this.#taken.set(name, this.#takenOf(name) + 1);
    this.#track(async () => {
      let end: NodeEnd = { result: 'failed' };
      try {
        end = await this.#schedule.run(node);
      } finally {
        this.#states.set(node.id, end.result);
        for (const name of node.resources) this.#release(name, end.stillHeld?.get(name));
      }
    });
  }

  #release(name: string, when: Promise<void> | undefined): void {
    const free = () => this.#taken.set(name, this.#takenOf(name) - 1);
    if (when === undefined) {
      free();
      return;
    }
    this.#heldLonger += 1;
    const freeLater = () => {
      this.#heldLonger -= 1;
      free();
      this.#advance();
    };
    when.then(freeLater, freeLater);
  }

  #skip(node: Node, reason: SkipReason): void {
    this.#states.set(node.id, 'skipped');
    this.#track(async () => {
      await this.#schedule.skip(node, reason);
    });
  }

  #track(work: () => Promise<void>): void {
    this.#inFlight += 1;
    void work()
      .catch((thrown: unknown) => {
        this.#bug ??= { thrown };
      })
      .then(() => {
        this.#inFlight -= 1;
        this.#advance();
      });
  }

  #takenOf(name: string): number {
    return this.#taken.get(name) ?? 0;
  }

  #in(...states: readonly NodeState[]): readonly Node[] {
    return this.#schedule.nodes.filter(({ id }) => {
      const state = this.#states.get(id);
      return state !== undefined && states.includes(state);
    });
  }

  #signals(): Set<AbortSignal> {
    const own = this.#schedule.nodes.flatMap(({ signal }) =>
      signal === undefined ? [] : [signal],
    );
    return new Set([this.#schedule.signal, ...own]);
  }
}
