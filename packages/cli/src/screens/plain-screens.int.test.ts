import { describe, expect, it } from 'vitest';
import { hasTerminals, type PseudoTerminal } from './pseudo-terminal.test.helper.js';
import { goldenFile, sizes, useStage } from './scenes.test.helper.js';

const stage = useStage();

/** What a terminal or a user may ask for, and the scene that shows it. */
const worlds = [
  ['no-color', { NO_COLOR: '1' }],
  ['dumb', { TERM: 'dumb' }],
  ['console', { TERM: 'linux' }],
] as const;

function configure(): void {
  const { waitFor } = stage();
  const job = `printf '\\033[32mok\\033[0m 1\\n'; ${waitFor('unit')}; exit 1`;
  stage().config({ jobs: { unit: { run: job }, e2e: { run: 'true', needs: ['unit'] } } });
}

describe.skipIf(!hasTerminals).each(sizes)('on $columns columns', (size) => {
  const golden = async (scene: string, terminal: PseudoTerminal) =>
    expect(stage().golden(terminal)).toMatchFileSnapshot(goldenFile(scene, size));

  it.each(worlds)('%s: what goes on, and the end', async (scene, env) => {
    configure();
    const terminal = stage().start(['run', 'unit', 'e2e'], size, env);
    await terminal.shows(scene === 'console' ? 'ok 1' : 'unit started');
    await golden(`run-${scene}-middle`, terminal);
    stage().open('unit');
    expect(await terminal.ended()).toBe(1);
    await golden(`run-${scene}`, terminal);
    const status = await stage().run(['status'], size, env);
    await golden(`status-${scene}`, status);
  });

  it('force-color: colours in a pipe, and no movement of the cursor', async () => {
    configure();
    stage().open('unit');
    const terminal = await stage().runPiped(['run', 'unit', 'e2e'], size, { FORCE_COLOR: '1' });
    await golden('run-force-color', terminal);
  });
});
