import { createMasker } from '@pikaci/secrets';
import { alternate } from '../report/alternate.js';
import type { Aimed, Benchmark, Measured } from '../report/benchmark.js';
import { median } from '../report/statistics.js';
import { benchSecrets, logText, nearMisses } from '../output/output-bytes.js';

const megabytes = 32;
const chunkBytes = 64 * 1024;
const aimMegabytesPerSecond = 200;

/** Bytes that are like a log, and such as nearly are secrets, all the time. */
type Kind = 'log' | 'near misses';

/** What jobs print goes through the masker: it must be faster than what prints. */
export const masker: Benchmark = {
  name: 'masker',
  measures: `${megabytes} MB in chunks of 64 KiB are masked, without secrets, with 1 and with 50 (random, of 12 to 60 characters, a tenth of them keys of 20 lines), against a copy of the same chunks: a log without secrets, and bytes each of which is part of a secret but for its last character.`,
  run: async ({ rounds, progress }) => {
    const measured: Measured[] = [];
    const aimed: Aimed[] = [];
    for (const kind of ['log', 'near misses'] as const) {
      progress(kind);
      const samples = await alternate(contestants(kind), rounds(15));
      const baseline = `${kind}: copied`;
      for (const [what, values] of samples) {
        measured.push({
          what,
          unit: 'ms',
          samples: values,
          ...(what === baseline ? {} : { baseline }),
        });
      }
      if (kind === 'log') aimed.push(aimOf(samples.get('log: 50 secrets') ?? []));
    }
    return { measured, aimed, notes: [] };
  },
};

function aimOf(samples: readonly number[]): Aimed {
  return {
    name: 'masker, a log, 50 secrets',
    value: megabytes / (median(samples) / 1000),
    unit: 'MB/s',
    bound: 'at least',
    aim: aimMegabytesPerSecond,
  };
}

function contestants(kind: Kind) {
  const secrets = benchSecrets(50);
  const chunks = chunksOf(kind === 'log' ? logText() : nearMisses(secrets));
  const masked = (count: number) => {
    const given = createMasker(secrets.slice(0, count));
    return {
      what: `${kind}: ${count} secrets`,
      measure: () => {
        const stream = given.stream();
        let bytes = 0;
        for (const chunk of chunks) bytes += stream.write(chunk).length;
        return Promise.resolve(bytes + stream.end().length);
      },
    };
  };
  const copied = {
    what: `${kind}: copied`,
    measure: () =>
      Promise.resolve(chunks.reduce((sum, chunk) => sum + Buffer.from(chunk).length, 0)),
  };
  return [copied, masked(0), masked(1), masked(50)];
}

function chunksOf(text: string): Buffer[] {
  const bytes = Buffer.from(text.repeat(Math.ceil((megabytes * 1e6) / text.length)));
  const count = Math.ceil((megabytes * 1e6) / chunkBytes);
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
}
