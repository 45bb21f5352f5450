import { describe, expect, it } from 'vitest';
import { hasTerminals } from './pseudo-terminal.test.helper.js';
import { goldenFile, sizes, useStage, wordsPayload } from './scenes.test.helper.js';

const stage = useStage();

describe.skipIf(!hasTerminals).each(sizes)('a run on $columns columns', (size) => {
  const golden = (scene: string) => goldenFile(scene, size);

  it('shows in the middle what has ended, and what goes on with what it printed last', async () => {
    const { waitFor, open } = stage();
    stage().write('words', 'one two\n');
    stage().config({
      payloads: wordsPayload,
      jobs: {
        lint: { run: 'echo fine', payloads: ['words'] },
        unit: {
          run: `echo 'ok 1 - adds'; echo 'ok 2 - takes away'; ${waitFor('unit')}`,
          needs: ['lint'],
          payloads: ['words'],
        },
        'end-to-end': { run: `echo begun; ${waitFor('e2e')}`, needs: ['lint'] },
        publish: { run: 'true', needs: ['unit', 'end-to-end'] },
      },
      targets: { all: { jobs: ['publish'] } },
    });
    const terminal = stage().start(['run', 'all'], size);
    await terminal.shows('lint passed', 'ok 2 - takes away', 'begun', '2 running');
    await expect(stage().golden(terminal)).toMatchFileSnapshot(golden('run-middle'));
    open('unit');
    await terminal.shows('unit passed', '1 running');
    open('e2e');
    expect(await terminal.ended()).toBe(0);
    await expect(stage().golden(terminal)).toMatchFileSnapshot(golden('run-passed'));

    const again = stage().start(['run', 'all', '--jobs', '1'], size);
    expect(await again.ended()).toBe(0);
    expect(again.screen.text()).toContain('payloads: 1 of 1 reused');
    await expect(stage().golden(again)).toMatchFileSnapshot(golden('run-passed-again'));
  });

  it('shows of long, wide and coloured output what has room, and all of it when it is verbose', async () => {
    const { waitFor, open } = stage();
    stage().config({
      limits: { jobs: 3 },
      jobs: {
        long: { run: `printf '%0200d\\n' 7; ${waitFor('long')}` },
        wide: {
          run: `for i in 1 2 3 4 5 6; do printf '構築 🚀 完了しました '; done; echo; ${waitFor('wide')}`,
          needs: [],
        },
        colours: {
          run: `printf '\\033[32m✓\\033[0m green \\033[1;31mred\\033[0m\\033[2J\\tand a tab\\n'; ${waitFor('colours')}`,
        },
      },
    });
    const argv = ['run', 'long', 'wide', 'colours'];
    const terminal = stage().start(argv, size);
    await terminal.shows('00000', '構築', 'and a tab');
    await expect(stage().golden(terminal)).toMatchFileSnapshot(golden('run-output'));
    terminal.kill();

    const verbose = stage().start([...argv, '--verbose', '--jobs', '1'], size);
    await verbose.shows('long | 0000');
    open('long');
    await verbose.shows('wide | ');
    open('wide');
    await verbose.shows('and a tab');
    open('colours');
    expect(await verbose.ended()).toBe(0);
    await expect(stage().golden(verbose)).toMatchFileSnapshot(golden('run-output-verbose'));
  });

  it('shows of more jobs than the terminal has rows the first ones, and counts the others', async () => {
    const ids = Array.from({ length: 60 }, (_, index) => `job-${index + 1}`);
    const run = `echo "is at it"; ${stage().waitFor('end')}`;
    stage().config({
      limits: { jobs: 45 },
      jobs: Object.fromEntries(ids.map((id) => [id, { run }])),
      targets: { all: { jobs: ids } },
    });
    const terminal = stage().start(['run', 'all'], size);
    const shown = size.rows / 2 - 2;
    const all = (count: number) => new RegExp(`(is at it[^]*?){${count}}`, 'u');
    await terminal.shows('45 running, 15 waiting', all(shown));
    await expect(stage().golden(terminal)).toMatchFileSnapshot(golden('run-many'));
    for (const [columns, rows, more] of [
      [100, 30, 32],
      [50, 22, 36],
    ] as const) {
      terminal.resize(columns, rows);
      await terminal.shows(`and ${more} more`, all(45 - more));
      await expect(stage().golden(terminal)).toMatchFileSnapshot(
        goldenFile(`run-many-from-${size.columns}-to`, { columns }),
      );
    }
    terminal.kill();
  });

  it('shows at the end what failed, what it printed last, and what shows the rest', async () => {
    stage().config({
      jobs: {
        lint: { run: 'echo fine' },
        unit: { run: 'seq 1 40; echo "not ok 3 - divides"; exit 1', needs: ['lint'] },
        flaky: {
          run: stage().failOnce('flaky'),
          retry: { job: 1 },
          needs: ['unit'],
          when: 'always',
        },
        audit: {
          run: 'echo "2 known weaknesses"; exit 1',
          allowFailure: true,
          needs: ['flaky'],
          when: 'always',
        },
        publish: { run: 'true', needs: ['unit'] },
        slow: {
          run: stage().waitFor('never'),
          timeoutSeconds: 1,
          needs: ['audit'],
          when: 'always',
        },
      },
      targets: { all: { jobs: ['lint', 'unit', 'flaky', 'audit', 'publish', 'slow'] } },
    });
    const terminal = stage().start(['run', 'all'], size);
    expect(await terminal.ended()).toBe(124);
    await expect(stage().golden(terminal)).toMatchFileSnapshot(golden('run-failed'));
  });

  it('shows after Ctrl-C what was cancelled, and how to go on', async () => {
    const { waitFor } = stage();
    stage().config({
      defaults: { cancelGraceSeconds: 5 },
      jobs: {
        unit: { run: `echo begun; ${waitFor('never')}` },
        e2e: { run: 'true', needs: ['unit'] },
      },
      targets: { all: { jobs: ['unit', 'e2e'] } },
    });
    const terminal = stage().start(['run', 'all'], size);
    await terminal.shows('begun');
    terminal.type('\x03');
    expect(await terminal.ended()).toBe(130);
    await expect(stage().golden(terminal)).toMatchFileSnapshot(golden('run-cancelled'));
  });
});
