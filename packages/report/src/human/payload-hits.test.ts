import { exampleRunId as runId } from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import { createPayloadHits } from './payload-hits.js';

type Told = readonly [
  reused: boolean | null,
  buildMs: number | null,
  status?: 'passed' | 'failed' | 'skipped',
];

function linesOf(...told: readonly Told[]): readonly string[] {
  const hits = createPayloadHits();
  for (const [reused, buildMs, status = 'passed'] of told) {
    hits.apply({
      event: 'prepare_finished',
      runId,
      nodeId: 'prepare-x',
      description: '',
      status,
      reused,
      buildMs,
      durationMs: 99_000,
      failure: null,
      sequence: 1,
      time: '',
    });
  }
  return hits.lines();
}

describe('what reused payloads spared', () => {
  it.each<[string, readonly Told[], readonly string[]]>([
    [
      'nothing without payloads',
      [
        [null, null],
        [null, null, 'failed'],
      ],
      [],
    ],
    ['nothing of nodes that were skipped', [[null, null, 'skipped']], []],
    ['builds alone', [[false, 5000]], ['  payloads: 0 of 1 reused']],
    [
      'the builds that were spared, and no others',
      [
        [true, 180_000],
        [true, 12_000],
        [false, 7000],
        [true, 0],
        [null, null],
      ],
      ['  payloads: 3 of 4 reused, about 3m 12s of building saved'],
    ],
    [
      'what is known, where some is not',
      [
        [true, 61_000],
        [true, null],
      ],
      ['  payloads: 2 of 2 reused, at least 1m 01s of building saved'],
    ],
    ['no time where none is known', [[true, null]], ['  payloads: 1 of 1 reused']],
    ['no time that is not worth a word', [[true, 999]], ['  payloads: 1 of 1 reused']],
  ])('tells %s', (_, told, lines) => {
    expect(linesOf(...told)).toEqual(lines);
  });
});
