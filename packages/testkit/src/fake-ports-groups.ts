import {
  fail,
  ok,
  type ConcurrencyGroups,
  type EnterGroupRequest,
  type GroupPlace,
  type Outcome,
} from '@pikaci/model';

interface Member {
  readonly request: EnterGroupRequest;
  admit: () => void;
}

/** Groups of one process, in memory. Others can be put inside by a test. */
export class FakeConcurrencyGroups implements ConcurrencyGroups {
  /** Who asked, in order. */
  readonly asked: string[] = [];
  readonly #inside = new Map<string, string[]>();
  readonly #queue: Member[] = [];

  /** Puts somebody of another process into a group; returns what lets them out. */
  occupy(group: string, who: string): () => void {
    this.#in(group).push(who);
    return () => this.#leave(group, who);
  }

  /** Who is in a group, in order. */
  inside(group: string): readonly string[] {
    return this.#in(group);
  }

  enter(request: EnterGroupRequest): Promise<Outcome<GroupPlace>> {
    this.asked.push(request.who);
    return new Promise((resolve) => {
      const member: Member = { request, admit: () => resolve(ok(this.#place(request))) };
      this.#queue.push(member);
      request.signal.addEventListener('abort', () => {
        const index = this.#queue.indexOf(member);
        if (index < 0) return;
        this.#queue.splice(index, 1);
        resolve(fail('cancelled', 'Waiting for the group was cancelled'));
      });
      this.#next();
      if (this.#queue.includes(member)) request.onWait([...this.#in(request.group)]);
    });
  }

  #place({ group, who }: EnterGroupRequest): GroupPlace {
    this.#in(group).push(who);
    return {
      leave: () => {
        this.#leave(group, who);
        return Promise.resolve();
      },
    };
  }

  #leave(group: string, who: string): void {
    const inside = this.#in(group);
    if (inside.includes(who)) inside.splice(inside.indexOf(who), 1);
    this.#next();
  }

  #next(): void {
    for (const member of [...this.#queue]) {
      const { group, limit } = member.request;
      if (this.#in(group).length >= limit) continue;
      this.#queue.splice(this.#queue.indexOf(member), 1);
      member.admit();
    }
  }

  #in(group: string): string[] {
    const inside = this.#inside.get(group) ?? [];
    this.#inside.set(group, inside);
    return inside;
  }
}
