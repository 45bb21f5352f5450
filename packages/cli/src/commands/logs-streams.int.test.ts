import { mkdirSync, readFileSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { logIndexPath } from '@pikaci/model';
import { attemptLayout } from '@pikaci/paths';
import { exampleRunId, jobRecordOf, ManualClock } from '@pikaci/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RecordedRun, runningJob, type StartedCommand } from '../watch/recorded-run.test.helper.js';

let run: RecordedRun;
beforeEach(() => {
  run = new RecordedRun();
});
afterEach(() => run.remove());

const stdout = ({ io }: StartedCommand) => io.stdout.text;
const stderr = ({ io }: StartedCommand) => io.stderr.text;
const logs = (...argv: readonly string[]) => run.start(['logs', 'latest', ...argv]);

/** What `logs` prints; it must end well and say nothing. */
async function printed(...argv: readonly string[]): Promise<string> {
  const started = logs(...argv);
  expect(await started.code).toBe(0);
  expect(stderr(started)).toBe('');
  return stdout(started);
}

const failedJob = (id: string) => jobRecordOf(id, { status: 'failed', failureKind: 'job' });

const mixed = [
  ['stdout', 'out 1\npar'],
  ['stderr', 'err 1\n'],
  ['stdout', 'tial\n\u001b[2J'],
  ['stderr', 'err 2\nerr 3\nno end'],
  ['stdout', 'last\n'],
] as const;

describe('logs --stream', () => {
  beforeEach(async () => {
    await run.printed('unit', mixed);
    run.log('unit', 'host', '[pikaci] one\n[pikaci] two\n');
    run.ended([jobRecordOf('unit')]);
  });

  it('prints the bytes of one stream alone, exact', async () => {
    expect(await printed('--stream', 'stdout')).toBe('out 1\npartial\n\u001b[2Jlast\n');
    expect(await printed('--stream', 'stderr')).toBe('err 1\nerr 2\nerr 3\nno end');
    expect(await printed('--stream', 'stderr', '--kind', 'guest', '--job', 'unit')).toBe(
      'err 1\nerr 2\nerr 3\nno end',
    );
  });

  it("prints pikaci's own lines for host, as --kind host does", async () => {
    expect(await printed('--stream', 'host')).toBe('[pikaci] one\n[pikaci] two\n');
    expect(await printed('--stream', 'host', '--kind', 'host', '--tail', '1')).toBe(
      '[pikaci] two\n',
    );
  });

  it('takes the last lines of that stream, whatever came on the other one', async () => {
    expect(await printed('--stream', 'stdout', '--tail', '2')).toBe('partial\n\u001b[2Jlast\n');
    expect(await printed('--stream', 'stderr', '--tail', '2')).toBe('err 3\nno end');
    expect(await printed('--stream', 'stderr', '--tail', '99')).toBe('err 1\nerr 2\nerr 3\nno end');
  });

  it.each([
    ['host', 'stdout', 'guest'],
    ['both', 'stderr', 'guest'],
    ['guest', 'host', 'host'],
  ])('contradicts --kind %s with %s', async (kind, stream, of) => {
    const started = logs('--kind', kind, '--stream', stream);
    expect(await started.code).toBe(2);
    expect(stdout(started)).toBe('');
    expect(stderr(started)).toContain(
      `--stream ${stream} is a part of --kind ${of}, not of --kind ${kind}`,
    );
    expect(await logs('--metadata-json', '--stream', stream).code).toBe(2);
    expect(await logs('--metadata-json', '--timestamps').code).toBe(2);
    const unknown = logs('--stream', 'stdot');
    expect(await unknown.code).toBe(2);
    expect(stderr(unknown)).toContain('stdout, stderr, host');
  });

  it('shows several jobs under headings, and only those that failed', async () => {
    await run.printed('bad', [
      ['stdout', 'fine so far\n'],
      ['stderr', 'oh no\n'],
    ]);
    run.ended([jobRecordOf('unit'), failedJob('bad'), jobRecordOf('skipped')]);
    expect(await printed('--stream', 'stderr')).toBe(
      '== unit stderr ==\nerr 1\nerr 2\nerr 3\nno end\n== bad stderr ==\noh no\n== skipped stderr ==\n',
    );
    expect(await printed('--stream', 'stderr', '--failed')).toBe('oh no\n');
  });

  it('shows an earlier attempt', async () => {
    const { artifactsDir: aside } = attemptLayout(run.job('unit'), 1);
    mkdirSync(dirname(aside), { recursive: true });
    renameSync(run.job('unit').artifactsDir, aside);
    await run.printed('unit', [['stderr', 'second try\n']]);
    const first = { ...failedJob('unit'), attempt: 1 };
    run.ended([jobRecordOf('unit', { attempt: 2, attempts: [first] })]);
    const of = (attempt: string) =>
      printed('--job', 'unit', '--stream', 'stderr', '--attempt', attempt);
    expect(await of('1')).toBe('err 1\nerr 2\nerr 3\nno end');
    expect(await of('2')).toBe('second try\n');
  });

  it('says on standard error that bytes are left out, and keeps its bytes exact', async () => {
    await run.printed('unit', [...mixed, ['stdout', 'x'.repeat(90)], ['stderr', 'the end\n']], 60);
    const started = logs('--stream', 'stderr');
    expect(await started.code).toBe(0);
    expect(stdout(started)).toBe('err 1\nerr 2\nthe end\n');
    expect(stderr(started)).toBe(
      'unit stderr: bytes are left out of the log, as it went over its limit\n',
    );
  });

  it('says how many bytes it does not show, when an index ends too early', async () => {
    truncateSync(logIndexPath(run.job('unit').guestLog), 60);
    const started = logs('--stream', 'stdout');
    expect(await started.code).toBe(0);
    expect(stdout(started)).toBe('out 1\npar');
    expect(stderr(started)).toBe(
      'unit stdout: 32 bytes are not shown, as nothing tells their stream; --kind guest shows them\n',
    );
  });
});

describe('logs --stream of a log without an index', () => {
  beforeEach(async () => {
    await run.printed('new', mixed);
    run.log('old', 'guest', 'from an earlier version\n');
    run.ended([jobRecordOf('new'), jobRecordOf('old')]);
  });

  it('is an error with the next step, and prints nothing', async () => {
    const started = logs('--stream', 'stdout');
    expect(await started.code).toBe(2);
    expect(stdout(started)).toBe('');
    expect(stderr(started)).toContain('The log of job "old" does not tell its streams apart');
    expect(stderr(started)).toContain(`npx pikaci logs ${exampleRunId} --job old --kind guest`);
  });

  it('is an error also when it is followed', async () => {
    run.running([runningJob('old')]);
    const started = logs('--stream', 'stdout', '--follow');
    expect(await started.code).toBe(2);
    expect(stderr(started)).toContain('does not tell its streams apart');
  });

  it('is none for a log that is empty or not there', async () => {
    run.log('empty', 'guest', '');
    run.ended([jobRecordOf('empty'), jobRecordOf('never-ran')]);
    expect(await printed('--stream', 'stdout', '--job', 'empty')).toBe('');
    expect(await printed('--stream', 'stdout', '--job', 'never-ran')).toBe('');
  });
});

describe('logs --timestamps', () => {
  beforeEach(async () => {
    await run.printed('unit', mixed);
    run.ended([jobRecordOf('unit')]);
  });
  const at = (seconds: number) => `2026-01-02T03:04:${String(5 + seconds).padStart(2, '0')}.000Z`;

  it('puts the time of its first byte before each line', async () => {
    expect(await printed('--timestamps', '--kind', 'guest')).toBe(
      `${at(0)} out 1\n${at(0)} parerr 1\n${at(2)} tial\n${at(2)} \u001b[2Jerr 2\n` +
        `${at(3)} err 3\n${at(3)} no endlast\n`,
    );
    expect(await printed('--timestamps', '--kind', 'guest', '--tail', '2')).toBe(
      `${at(3)} err 3\n${at(3)} no endlast\n`,
    );
    expect(await printed('--timestamps', '--stream', 'stdout')).toBe(
      `${at(0)} out 1\n${at(0)} partial\n${at(2)} \u001b[2Jlast\n`,
    );
    expect(await printed('--timestamps', '--stream', 'stdout', '--tail', '1')).toBe(
      `${at(2)} \u001b[2Jlast\n`,
    );
  });

  it('says once that there are none, for logs without an index', async () => {
    run.log('unit', 'host', '[pikaci] one\n');
    rmSync(logIndexPath(run.job('unit').guestLog));
    const started = logs('--timestamps');
    expect(await started.code).toBe(0);
    const none = '-                        ';
    expect(none).toHaveLength(at(0).length + 1);
    expect(stdout(started)).toMatch(
      new RegExp(`^== unit host ==\\n${none}\\[pikaci\\] one\\n== unit guest ==\\n${none}out 1\\n`),
    );
    expect(stderr(started)).toBe(
      '- stands for times that were not recorded: of unit host, unit guest\n',
    );
  });

  it('has none for the mark in place of what is left out', async () => {
    await run.printed(
      'unit',
      [
        ['stdout', '1234\n'],
        ['stdout', `${'x'.repeat(90)}\n56\n`],
      ],
      10,
    );
    expect(await printed('--timestamps', '--kind', 'guest')).toMatch(
      new RegExp(
        `^${at(0)} 1234\\n- +\\n- +\\[pikaci\\] … 89 bytes left out here .*\\n${at(1)} x\\n${at(1)} 56\\n$`,
        'u',
      ),
    );
  });
});

describe('logs --output json', () => {
  const line = (stream: string | null, time: string | null, text: string, isEnded = true) => ({
    ...{
      schema_version: 1,
      job: 'unit',
      attempt: null,
      kind: 'guest',
      stream,
      time,
      text,
      is_line_end: isEnded,
    },
  });
  const at = (seconds: number) => `2026-01-02T03:04:0${5 + seconds}.000+00:00`;
  const lines = [
    line('stdout', at(0), 'out 1'),
    line('stderr', at(1), 'err 1'),
    line('stdout', at(0), 'partial'),
    line('stderr', at(3), 'err 2'),
    line('stderr', at(3), 'err 3'),
    line('stdout', at(2), '\u001b[2Jlast'),
    line('stderr', at(3), 'no end', false),
  ];

  beforeEach(async () => {
    await run.printed('unit', mixed);
    run.ended([jobRecordOf('unit')]);
  });

  const jsonl = (text: string): unknown[] =>
    text
      .trimEnd()
      .split('\n')
      .map((one): unknown => JSON.parse(one));

  it('has each line of each stream with its time, as one array or one object a line', async () => {
    expect(JSON.parse(await printed('--output', 'json'))).toEqual(lines);
    expect(jsonl(await printed('--output', 'jsonl', '--timestamps'))).toEqual(lines);
    expect(jsonl(await printed('--output', 'jsonl', '--stream', 'stderr'))).toEqual(
      lines.filter(({ stream }) => stream === 'stderr'),
    );
    expect(JSON.parse(await printed('--output', 'json', '--stream', 'host'))).toEqual([]);
  });

  it('has null for what is not known, and lines of pikaci', async () => {
    rmSync(logIndexPath(run.job('unit').guestLog));
    run.log('unit', 'guest', 'x'.repeat(70_000));
    run.log('unit', 'host', '[pikaci] one\n');
    const found = JSON.parse(await printed('--output', 'json')) as { text: string }[];
    expect(found[0]).toEqual({ ...line('host', null, '[pikaci] one'), kind: 'host' });
    expect(found[1]).toEqual(line(null, null, 'out 1'));
    expect(found.slice(-2).map(({ text }) => text.length)).toEqual([65_536, 4464]);
  });

  it('is one error value when the streams are not known', async () => {
    rmSync(logIndexPath(run.job('unit').guestLog));
    const started = logs('--output', 'json', '--stream', 'stdout');
    expect(await started.code).toBe(2);
    expect(JSON.parse(stdout(started))).toMatchObject({ error: { kind: 'selection' } });
  });
});

describe('logs --follow with --stream and --timestamps', () => {
  const clock = new ManualClock();
  const follow = (...argv: readonly string[]) => logs('--follow', '--job', 'unit', ...argv);
  const at = (ms: number) => new Date(Date.parse('2026-01-02T03:04:05.000Z') + ms).toISOString();
  /** Lets the index be written, and waits until it is. */
  const indexed = async (time: ManualClock, bytes: number) => {
    time.advance(100);
    await vi.waitFor(() =>
      expect(readFileSync(logIndexPath(run.job('unit').guestLog), 'latin1')).toMatch(
        new RegExp(` ${bytes} \\S+;\\n$`),
      ),
    );
  };

  it('prints the bytes of the stream as they come, and waits for those that are not told yet', async () => {
    run.running([runningJob('unit')]);
    const time = new ManualClock();
    const log = await run.openGuestLog('unit', time);
    const started = follow('--stream', 'stdout');
    await started.waits();
    await log.append('stdout', Buffer.from('one\nha'));
    await log.append('stderr', Buffer.from('other\n'));
    await started.looksAgain();
    expect(stdout(started)).toBe('');
    await indexed(time, 12);
    await started.looksAgain();
    expect(stdout(started)).toBe('one\nha');
    await log.append('stdout', Buffer.from('lf\n'));
    await log.close();
    run.ended([jobRecordOf('unit')]);
    expect(await started.ends()).toBe(0);
    expect(stdout(started)).toBe('one\nhalf\n');
    expect(stderr(started)).toBe('');
  });

  it('begins with the last lines of the stream', async () => {
    run.running([runningJob('unit')]);
    const time = new ManualClock();
    const log = await run.openGuestLog('unit', time);
    await log.append('stdout', Buffer.from('1\n2\n'));
    await log.append('stderr', Buffer.from('x\ny\nz\n'));
    await indexed(time, 10);
    const started = follow('--stream', 'stdout', '--tail', '1');
    await started.waits();
    await log.append('stdout', Buffer.from('3\n'));
    await log.close();
    run.ended([jobRecordOf('unit')]);
    expect(await started.ends()).toBe(0);
    expect(stdout(started)).toBe('2\n3\n');
  });

  it('goes on behind the mark, and with times', async () => {
    run.running([runningJob('unit')]);
    const time = new ManualClock();
    const log = await run.openGuestLog('unit', time, 40);
    await log.append('stdout', Buffer.from('out\n'));
    await log.append('stderr', Buffer.from(`${'e'.repeat(40)}\n`));
    await indexed(time, 45);
    const started = follow('--kind', 'guest', '--timestamps');
    await started.waits();
    expect(stdout(started)).toBe(`${at(0)} out\n${at(0)} ${'e'.repeat(36)}`);
    await log.append('stdout', Buffer.from(`${'x'.repeat(100)}\nthe end\n`));
    await started.looksAgain();
    await log.close();
    run.ended([jobRecordOf('unit')]);
    expect(await started.ends()).toBe(0);
    expect(stdout(started)).toMatch(
      new RegExp(
        `^${at(0)} out\\n${at(0)} e{36}\\n- +\\[pikaci\\] … 114 bytes left out.*\\n${at(100)} x{11}\\n${at(100)} the end\\n$`,
        'u',
      ),
    );
    expect(stderr(started)).toBe('');
  });

  it('tells apart the streams of each attempt, and of a log that is written anew', async () => {
    run.running([runningJob('unit')]);
    const time = new ManualClock();
    const first = await run.openGuestLog('unit', time);
    await first.append('stdout', Buffer.from('first\n'));
    await indexed(time, 6);
    const started = follow('--stream', 'stdout');
    await started.waits();
    expect(stdout(started)).toBe('first\n');
    // What is written last is read although the attempt is put aside then.
    await first.append('stderr', Buffer.from('not this\n'));
    await first.append('stdout', Buffer.from('its end\n'));
    await first.close();
    const { artifactsDir: aside } = attemptLayout(run.job('unit'), 1);
    mkdirSync(dirname(aside), { recursive: true });
    renameSync(run.job('unit').artifactsDir, aside);
    time.advance(1000);
    const second = await run.openGuestLog('unit', time);
    await second.append('stderr', Buffer.from('nor this, long as it is\n'));
    await second.append('stdout', Buffer.from('second\n'));
    await indexed(time, 31);
    await started.looksAgain();
    expect(stdout(started)).toBe('first\nits end\nsecond\n');
    second.restart();
    // A shorter log with a longer index.
    for (const letter of 'whole\n') {
      await second.append('stdout', Buffer.from(letter));
      await second.append('stderr', Buffer.from('e'));
    }
    await indexed(time, 12);
    await started.looksAgain();
    await second.close();
    run.ended([jobRecordOf('unit', { attempt: 2 })]);
    expect(await started.ends()).toBe(0);
    expect(stdout(started)).toBe('first\nits end\nsecond\nwhole\n');
    expect(stderr(started)).toBe(
      'the log of unit stdout begins anew\nthe log of unit stdout begins anew\n',
    );
  });

  it('tells apart the streams of a log that was written anew, and is longer already', async () => {
    run.running([runningJob('unit')]);
    const time = new ManualClock();
    const log = await run.openGuestLog('unit', time);
    await log.append('stderr', Buffer.from('e'));
    await log.append('stdout', Buffer.from('1\n'));
    await log.append('stderr', Buffer.from('ee'));
    await indexed(time, 5);
    const started = follow('--stream', 'stdout');
    await started.waits();
    expect(stdout(started)).toBe('1\n');
    log.restart();
    await log.append('stdout', Buffer.from('1\n2\n3\n4\n'));
    for (const letter of 'eeeee') {
      await log.append('stderr', Buffer.from(letter));
      await log.append('stdout', Buffer.from('\n'));
    }
    await log.close();
    run.ended([jobRecordOf('unit')]);
    expect(await started.ends()).toBe(0);
    // Two looks cannot see that the log begins anew; what is behind the fifth byte is that of the stream.
    expect(stdout(started)).toBe('1\n\n4\n\n\n\n\n\n');
  });

  it('shows several jobs in whole lines of the stream under headings', async () => {
    run.running([runningJob('one'), runningJob('two')]);
    const time = new ManualClock();
    const one = await run.openGuestLog('one', time);
    const two = await run.openGuestLog('two', time);
    const started = logs('--follow', '--stream', 'stdout');
    await started.waits();
    await one.append('stdout', Buffer.from('a\nha'));
    await one.append('stderr', Buffer.from('err\n'));
    await two.append('stdout', Buffer.from('b\n'));
    await one.close();
    await two.close();
    await started.looksAgain();
    expect(stdout(started)).toBe('== one stdout ==\na\n== two stdout ==\nb\n');
    run.ended([jobRecordOf('one'), jobRecordOf('two')]);
    expect(await started.ends()).toBe(0);
    expect(stdout(started)).toBe('== one stdout ==\na\n== two stdout ==\nb\n== one stdout ==\nha');
  });

  it('shows what is known when the process of the run is gone, and says what is not', async () => {
    run.running([runningJob('unit')]);
    const time = new ManualClock();
    const log = await run.openGuestLog('unit', time);
    await log.append('stderr', Buffer.from('known\n'));
    await indexed(time, 6);
    await log.append('stderr', Buffer.from('last words\n'));
    const started = follow('--stream', 'stderr');
    await started.waits();
    run.abandoned([runningJob('unit')]);
    expect(await started.ends()).toBe(3);
    expect(stdout(started)).toBe('known\n');
    expect(stderr(started)).toContain('unit stderr: 11 bytes are not shown');
    await log.close();
  });

  it('is an array that ends, as JSON', async () => {
    run.running([runningJob('unit')]);
    const log = await run.openGuestLog('unit', clock);
    const started = follow('--output', 'json');
    await started.waits();
    await log.append('stdout', Buffer.from('a\nb'));
    await log.close();
    await started.looksAgain();
    started.io.signals.emit('SIGINT');
    expect(await started.code).toBe(130);
    expect(JSON.parse(stdout(started))).toMatchObject([{ text: 'a', stream: 'stdout' }]);
  });
});
