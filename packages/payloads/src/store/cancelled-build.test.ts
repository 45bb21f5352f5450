import { ok } from '@pikaci/model';
import { payloadsDirectory } from '@pikaci/paths';
import { createPayloadRig, shellBuildRuntime, type PayloadRig } from '@pikaci/testkit';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPayloadStore } from '../index.js';
import type { PayloadStep } from './payload-steps.js';

let rig: PayloadRig;
beforeEach(() => {
  rig = createPayloadRig();
  rig.write('input', 'of a command');
  mkdirSync(join(rig.dir, 'tool'));
  for (let index = 0; index < 200; index += 1) writeFileSync(join(rig.dir, `tool/${index}`), 'x');
});
afterEach(() => rig.remove());

const kinds = {
  command: { kind: 'command', run: 'echo x > "$PIKACI_OUTPUT/x"', inputs: ['**'] },
  directory: { kind: 'directory', source: 'tool' },
  immutable: { kind: 'directory', source: 'tool', immutable: true },
};
/** The last one is when all is known and written but the name. */
const steps: readonly PayloadStep[] = ['identified', 'leased', 'locked', 'staged', 'packaged'];

describe.each(Object.keys(kinds) as (keyof typeof kinds)[])('a payload of kind %s', (kind) => {
  it.each(steps)(
    'that is cancelled when it is %s is not kept, and leaves nothing',
    async (last) => {
      const cancel = new AbortController();
      const seen: PayloadStep[] = [];
      const store = createPayloadStore({
        stateRoot: rig.stateRoot,
        // One that does not look at the signal: the store has to.
        runtimes: new Map([['process', shellBuildRuntime()]]),
        onStep: (step) => {
          seen.push(step);
          if (step === last) cancel.abort();
        },
      });
      const request = rig.request({ ...kinds[kind], mounts: [] }, { signal: cancel.signal });
      const prepared = await store.prepare(request);
      expect(prepared).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
      expect(seen).not.toContain('settled');
      const published = payloadsDirectory(rig.stateRoot);
      expect(seen.includes('locked') ? readdirSync(published) : []).toEqual([]);
      await store.close();
    },
  );
});

describe('a payload of a command', () => {
  /** Prepares one; `run` stands for its command, and `onStep` is told of each step. */
  const prepare = (
    cancel: AbortController,
    run: (outputDir: string) => void,
    onStep: (step: PayloadStep) => void = () => undefined,
  ) => {
    const runtime = shellBuildRuntime({
      run: ({ outputDir }) => {
        run(outputDir);
        return Promise.resolve(ok({ ending: 'exited', exitCode: 0, signal: null }));
      },
    });
    const runtimes = new Map([['process' as const, runtime]]);
    const store = createPayloadStore({ stateRoot: rig.stateRoot, runtimes, onStep });
    return store.prepare(rig.request({ ...kinds.command, mounts: [] }, { signal: cancel.signal }));
  };

  it('that is cancelled while its inputs are copied does not run it', async () => {
    const cancel = new AbortController();
    let ran = false;
    const prepared = await prepare(
      cancel,
      () => (ran = true),
      (step) => step === 'staged' && cancel.abort(),
    );
    expect(prepared).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
    expect(ran).toBe(false);
  });

  it('that is cancelled in the very moment it ends well is not looked at any more', async () => {
    const cancel = new AbortController();
    const seen: PayloadStep[] = [];
    const prepared = await prepare(
      cancel,
      (outputDir) => {
        writeFileSync(join(outputDir, 'x'), 'whole');
        cancel.abort();
      },
      (step) => void seen.push(step),
    );
    expect(prepared).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
    expect(seen).not.toContain('built');
    expect(readdirSync(payloadsDirectory(rig.stateRoot))).toEqual([]);
  });
});
