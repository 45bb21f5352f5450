import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { createProgram, createStage, type Size, type Stage } from './screen-stage.test.helper.js';

/** The sizes of terminals in which every scene is played. */
export const sizes: readonly Size[] = [
  { columns: 80, rows: 24 },
  { columns: 140, rows: 40 },
];

/** Where the text of a scene is kept. */
export function goldenFile(scene: string, { columns }: Pick<Size, 'columns'>): string {
  return `golden/${scene}-${columns}.txt`;
}

/** A new stage for each test of a file; all of them have the same program. */
export function useStage(): () => Stage {
  let program: Awaited<ReturnType<typeof createProgram>>;
  let stage: Stage;
  beforeAll(async () => {
    program = await createProgram();
  });
  afterAll(() => program.remove());
  beforeEach(() => {
    stage = createStage(program.path);
  });
  afterEach(() => stage.remove());
  return () => stage;
}

/** A payload that is built in no time. */
export const wordsPayload = {
  words: {
    kind: 'command' as const,
    run: 'mkdir out && cat words >out/words',
    output: 'out',
    inputs: ['words'],
    mounts: [{ name: 'words', path: '.', workspacePath: 'words-built' }],
  },
};
