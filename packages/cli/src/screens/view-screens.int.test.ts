import { describe, expect, it } from 'vitest';
import { hasTerminals } from './pseudo-terminal.test.helper.js';
import { goldenFile, sizes, useStage, wordsPayload } from './scenes.test.helper.js';

const stage = useStage();

/** A configuration with a bit of everything: jobs that pass and fail, are skipped, tried again, and build on one another. */
function configureAll(): void {
  stage().write('words', 'one two\n');
  stage().config({
    defaultTarget: 'pre-merge',
    limits: { jobs: 1 },
    payloads: wordsPayload,
    jobs: {
      lint: { run: 'echo fine', description: 'style and types', payloads: ['words'] },
      unit: { run: 'echo "not ok 3 - divides"; exit 1', needs: ['lint'], tags: ['quick'] },
      flaky: { run: stage().failOnce('flaky'), retry: { job: 1 }, needs: ['lint'] },
      audit: { run: 'exit 1', allowFailure: true, needs: ['flaky'] },
      publish: { run: 'true', needs: ['unit'] },
    },
    targets: {
      'pre-merge': {
        jobs: ['lint', 'unit', 'flaky', 'audit', 'publish'],
        description: 'what must be green before a merge',
      },
      quick: { jobs: ['lint', 'unit'], paths: ['src/**'] },
    },
  });
}

describe.skipIf(!hasTerminals).each(sizes)('on $columns columns', (size) => {
  const shown = async (...argv: readonly string[]) => {
    const terminal = await stage().run(argv, size);
    return stage().golden(terminal);
  };
  const golden = (scene: string) => goldenFile(scene, size);

  it('a plan, a run, and all that shows it afterwards', async () => {
    configureAll();
    await expect(await shown('plan')).toMatchFileSnapshot(golden('plan'));
    await expect(await shown('run')).toMatchFileSnapshot(golden('run-mixed'));
    await expect(await shown('run', '--failed')).toMatchFileSnapshot(golden('run-again'));
    await expect(await shown('list')).toMatchFileSnapshot(golden('list'));
    await expect(await shown('status', 'latest')).toMatchFileSnapshot(golden('status'));
    await expect(await shown('show', 'latest')).toMatchFileSnapshot(golden('show'));
    await expect(await shown('logs', 'latest')).toMatchFileSnapshot(golden('logs'));
  });

  it('the help', async () => {
    await expect(await shown('--help')).toMatchFileSnapshot(golden('help'));
    await expect(await shown('run', '--help')).toMatchFileSnapshot(golden('help-run'));
  });

  it('a run that is watched from another terminal', async () => {
    const { waitFor, open } = stage();
    stage().config({
      limits: { jobs: 2 },
      jobs: {
        lint: { run: 'echo fine' },
        unit: { run: `echo begun; ${waitFor('unit')}`, needs: ['lint'] },
        publish: { run: 'true', needs: ['unit'] },
      },
      targets: { all: { jobs: ['lint', 'unit', 'publish'] } },
    });
    const run = stage().start(['run', 'all'], size);
    await run.shows('begun');
    const watch = stage().start(['status', '--watch'], size);
    await watch.shows('lint passed', 'unit running');
    await expect(stage().golden(watch)).toMatchFileSnapshot(golden('watch-middle'));
    open('unit');
    expect(await run.ended()).toBe(0);
    expect(await watch.ended()).toBe(0);
    await expect(stage().golden(watch)).toMatchFileSnapshot(golden('watch-end'));
  });
});
