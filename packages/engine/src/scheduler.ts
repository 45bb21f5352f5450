/** What a scheduler knows of a node: what has to have succeeded before it, and which limit it counts against. */
export interface ScheduledNode {
  readonly id: string;
  readonly dependsOn: readonly string[];
  /** Name of a limit; a lane without one is unlimited. */
  readonly lane: string;
}

export type NodeResult = 'succeeded' | 'failed';

/** Why a node was never started. */
export type SkipReason =
  | { readonly kind: 'cancelled' }
  /** `by`: those of its own dependencies that did not succeed, in their declared order. */
  | { readonly kind: 'blocked'; readonly by: readonly string[] };

/** A graph, its limits, and what happens to each node. */
export interface Schedule<Node extends ScheduledNode> {
  /** In the order in which nodes start when several could. Ids are unique. */
  readonly nodes: readonly Node[];
  readonly limits: ReadonlyMap<string, number>;
  /** Once it is aborted nothing starts any more; what runs is waited for. */
  readonly signal: AbortSignal;
  /** Does the work of a node. Called at most once for each. */
  run(node: Node): Promise<NodeResult>;
  /** Told of a node that will not run, instead of `run`. */
  skip(node: Node, reason: SkipReason): Promise<void>;
}

/**
 * Settles every node exactly once, by `run` or by `skip`. A node starts as soon as its own dependencies have succeeded
 * and its lane has room; it is skipped as soon as one of them has not succeeded, or when the signal is aborted first.
 * Nodes that can never start (a cycle, an unknown dependency) are skipped when nothing else is left.
 *
 * Resolves when all is done. An exception of `run` or `skip` is a bug: the node counts as failed, the others go on,
 * and the first such exception is thrown at the end.
 */
export function runSchedule<Node extends ScheduledNode>(schedule: Schedule<Node>): Promise<void> {
  return new ScheduleRun(schedule).done;
}

type NodeState = 'waiting' | 'running' | 'succeeded' | 'failed' | 'skipped';

class ScheduleRun<Node extends ScheduledNode> {
  readonly done: Promise<void>;
  readonly #schedule: Schedule<Node>;
  readonly #states: Map<string, NodeState>;
  /** How many nodes run, by lane. */
  readonly #running = new Map<string, number>();
  // Later, because the signal may be aborted from within `run` or `skip`, in the middle of a loop over the nodes.
  readonly #onAbort = () => queueMicrotask(() => this.#advance());
  #finish: () => void = () => undefined;
  #inFlight = 0;
  #bug: { readonly thrown: unknown } | null = null;

  constructor(schedule: Schedule<Node>) {
    this.#schedule = schedule;
    this.#states = new Map(schedule.nodes.map((node) => [node.id, 'waiting']));
    this.done = new Promise<void>((resolve) => {
      this.#finish = resolve;
    }).then(() => {
      if (this.#bug !== null) throw this.#bug.thrown;
    });
    schedule.signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#advance();
  }

  /** Starts and skips whatever can be, and ends the schedule when nothing is left. */
  #advance(): void {
    while (this.#settleSkips()) {
      // A skipped node may decide others that come before it.
    }
    for (const node of this.#waiting()) if (this.#canStart(node)) this.#start(node);
    if (this.#inFlight > 0) return;
    const stuck = this.#waiting();
    if (stuck.length > 0) {
      for (const node of stuck) this.#skip(node, this.#blockedBy(node, ['succeeded']));
      return;
    }
    this.#schedule.signal.removeEventListener('abort', this.#onAbort);
    this.#finish();
  }

  #settleSkips(): boolean {
    let changed = false;
    for (const node of this.#waiting()) {
      const reason = this.#skipReason(node);
      if (reason === null) continue;
      this.#skip(node, reason);
      changed = true;
    }
    return changed;
  }

  #skipReason(node: Node): SkipReason | null {
    if (this.#schedule.signal.aborted) return { kind: 'cancelled' };
    const blocked = this.#blockedBy(node, ['succeeded', 'waiting', 'running', undefined]);
    return blocked.by.length > 0 ? blocked : null;
  }

  #blockedBy(
    node: Node,
    harmless: readonly (NodeState | undefined)[],
  ): Extract<SkipReason, { kind: 'blocked' }> {
    const by = node.dependsOn.filter((id) => !harmless.includes(this.#states.get(id)));
    return { kind: 'blocked', by };
  }

  #canStart(node: Node): boolean {
    return (
      this.#runningIn(node.lane) < (this.#schedule.limits.get(node.lane) ?? Infinity) &&
      node.dependsOn.every((id) => this.#states.get(id) === 'succeeded') &&
      !this.#schedule.signal.aborted
    );
  }

  #start(node: Node): void {
    this.#states.set(node.id, 'running');
    this.#running.set(node.lane, this.#runningIn(node.lane) + 1);
    this.#track(async () => {
      let result: NodeResult = 'failed';
      try {
        result = await this.#schedule.run(node);
      } finally {
        this.#states.set(node.id, result);
        this.#running.set(node.lane, this.#runningIn(node.lane) - 1);
      }
    });
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

  #runningIn(lane: string): number {
    return this.#running.get(lane) ?? 0;
  }

  #waiting(): readonly Node[] {
    return this.#schedule.nodes.filter((node) => this.#states.get(node.id) === 'waiting');
  }
}
