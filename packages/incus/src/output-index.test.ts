import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LogPieces, type Masker } from '@pikaci/model';
import { describe, expect, it } from 'vitest';
import { fakeGuest } from './fixtures/fake-guest.js';
import type { FinishedJob } from './fixtures/incus-job.js';
import { useFakeIncus } from './fixtures/on-fake-incus.js';

const on = useFakeIncus();

/** Makes a secret shorter, and keeps the end of a stream back. */
const masker: Masker = {
  isEmpty: false,
  stream: () => {
    let held = '';
    return {
      write: (chunk) => {
        const text = (held + Buffer.from(chunk).toString()).replaceAll('hunter2-secret', '***');
        held = text.slice(-5);
        return Buffer.from(text.slice(0, -5));
      },
      end: () => Buffer.from(held),
    };
  },
  text: (text) => text,
};

/** The bytes of each stream in a job's log, as its index tells them, and whether all of them have times. */
function byIndex({ artifactsDir }: FinishedJob) {
  const log = readFileSync(join(artifactsDir, 'guest.log'));
  const pieces = new LogPieces();
  pieces.push(readFileSync(join(artifactsDir, 'guest.log.index'), 'latin1'));
  expect(pieces.end).toBe(log.length);
  const all = pieces.within(0, log.length);
  const of = (wanted: string) =>
    all
      .filter(({ stream }) => stream === wanted)
      .map(({ start, end }) => log.toString('utf8', start, end))
      .join('');
  return {
    stdout: of('stdout'),
    stderr: of('stderr'),
    hasTimes: all.every(({ atMs }) => atMs !== null),
  };
}

describe('the index of the output of an instance', () => {
  it('is right although the connection is cut', async () => {
    on.fake.onExec(
      fakeGuest(({ print, drop }) => {
        print('stdout', 'before\n');
        print('stderr', 'warned\n');
        drop();
        print('stderr', 'meanwhile\n');
        print('stdout', 'after\n');
        return 0;
      }),
    );
    expect(byIndex(await on.run())).toEqual({
      stdout: 'before\nafter\n',
      stderr: 'warned\nmeanwhile\n',
      hasTimes: true,
    });
  });

  it('is right when exec loses the output, and it is fetched at the end', async () => {
    on.fake.onExec(
      fakeGuest(({ print }) => {
        print('stderr', 'two\n');
        print('stdout', 'one\n');
        return 0;
      }),
    );
    on.fake.loseExecOutput(1);
    expect(byIndex(await on.run())).toEqual({ stdout: 'one\n', stderr: 'two\n', hasTimes: true });
  });

  it('knows the streams but no times when the log was written anew', async () => {
    on.fake.onExec(
      fakeGuest(({ print, exec }) => {
        print('stderr', 'error\n');
        print('stdout', 'whole\n');
        // What arrived is not what the file holds.
        exec.stdout('xx');
        appendFileSync(exec.instance.files.hostPath('/var/lib/pikaci/output/stdout'), 'yy');
        return 0;
      }),
    );
    const job = await on.run();
    expect(job.log).toBe('whole\nyyerror\n');
    expect(byIndex(job)).toEqual({ stdout: 'whole\nyy', stderr: 'error\n', hasTimes: false });
  });

  it('counts what is in the log: secrets are masked', async () => {
    on.fake.onExec(
      fakeGuest(({ print }) => {
        print('stdout', 'a hunter2-secret b, and more\n');
        print('stderr', 'error\n');
        return 0;
      }),
    );
    expect(byIndex(await on.run({ execution: { masker } }))).toEqual({
      stdout: 'a *** b, and more\n',
      stderr: 'error\n',
      hasTimes: true,
    });
  });
});
