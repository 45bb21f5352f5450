import { ok, type BuildEnd, type Outcome, type PreparedPayload } from '@pikaci/model';
import { shellBuildRuntime, type PayloadRig } from '@pikaci/testkit';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPayloadStore, type PayloadStep } from '../index.js';

/** What becomes of a build, should it come to one. */
export interface BuilderScript {
  readonly end: 'succeeds' | 'fails';
  /** The step at which its caller gives up; null: never. */
  readonly cancelledAt: PayloadStep | null;
}

type State = 'running' | 'at a step' | 'waiting for the lock' | 'done';

/** One of several that prepare the same payload at the same time; it goes on step by step when it is told to. */
export class Builder {
  state: State = 'running';
  builds = 0;
  outcome: Outcome<PreparedPayload> | null = null;
  readonly done: Promise<void>;
  readonly #cancel = new AbortController();
  readonly #close: () => Promise<void>;
  #goOn: () => void = () => undefined;

  constructor(rig: PayloadRig, script: BuilderScript, changed: () => void) {
    const become = (state: State) => {
      this.state = state;
      changed();
    };
    const run = (build: { readonly outputDir: string }): Promise<Outcome<BuildEnd>> => {
      this.builds += 1;
      writeFileSync(join(build.outputDir, 'file'), 'content');
      return Promise.resolve(ok(this.#endOf(script)));
    };
    const store = createPayloadStore({
      stateRoot: rig.stateRoot,
      runtimes: new Map([['process', shellBuildRuntime({ run })]]),
      onStep: async (step) => {
        if (step === script.cancelledAt) this.#cancel.abort();
        await new Promise<void>((resolve) => {
          this.#goOn = resolve;
          become('at a step');
        });
        this.state = 'running';
      },
    });
    this.#close = () => store.close();
    const request = rig.request(
      { kind: 'command', run: 'build', mounts: [] },
      {
        signal: this.#cancel.signal,
        onLog: (chunk) => {
          if (Buffer.from(chunk).includes('waiting for it')) become('waiting for the lock');
        },
      },
    );
    this.done = store.prepare(request).then((outcome) => {
      this.outcome = outcome;
      become('done');
    });
  }

  /** Lets it go on to its next step. */
  step(): void {
    this.state = 'running';
    this.#goOn();
  }

  close(): Promise<void> {
    return this.#close();
  }

  #endOf({ end }: BuilderScript): BuildEnd {
    if (this.#cancel.signal.aborted) return { ending: 'cancelled', exitCode: null, signal: null };
    return { ending: 'exited', exitCode: end === 'succeeds' ? 0 : 1, signal: null };
  }
}

/**
 * Lets builders take their steps in the order of a schedule: of those that stand at a step, each number takes the one
 * at its place. Whoever waits for the lock goes on by itself when the lock is free.
 */
export async function interleave(
  rig: PayloadRig,
  scripts: readonly BuilderScript[],
  schedule: readonly number[],
): Promise<readonly Builder[]> {
  let wake: () => void = () => undefined;
  const builders = scripts.map((script) => new Builder(rig, script, () => wake()));
  const next = [...schedule];
  while (builders.some(({ state }) => state !== 'done')) {
    const standing = builders.filter(({ state }) => state === 'at a step');
    const isMoving = builders.some(({ state }) => state === 'running');
    if (isMoving || standing.length === 0) {
      await new Promise<void>((resolve) => (wake = resolve));
      continue;
    }
    const number = next.shift() ?? 0;
    standing[number % standing.length]?.step();
  }
  return builders;
}
