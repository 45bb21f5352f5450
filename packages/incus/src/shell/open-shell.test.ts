import type { ShellRequest, ShellTerminal } from '@pikaci/model';
import { describe, expect, it } from 'vitest';
import { fakeGuest } from '../fixtures/fake-guest.js';
import { useFakeIncus } from '../fixtures/on-fake-incus.js';

const on = useFakeIncus();

/** A terminal that types what it is told, and keeps what is written to it. */
class FakeTerminal implements ShellTerminal {
  readonly written: string[] = [];
  /** What happened to its keys and its input, in order. */
  readonly story: string[] = [];
  columns = 90;
  #resized: () => void = () => undefined;
  #close: () => void = () => undefined;
  readonly #closed = new Promise<void>((resolve) => (this.#close = resolve));

  readonly isTerminal: boolean;
  readonly typed: string;

  constructor(isTerminal: boolean, typed: string) {
    this.isTerminal = isTerminal;
    this.typed = typed;
  }

  size = () => ({ columns: this.columns, rows: 30 });
  onResize = (listener: () => void) => {
    this.#resized = listener;
    return () => void this.story.push('size not heard any more');
  };
  resize(columns: number): void {
    this.columns = columns;
    this.#resized();
  }
  get input() {
    return this.#type();
  }
  async *#type(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(this.typed);
    if (this.isTerminal) await this.#closed;
  }
  closeInput(): void {
    this.story.push('input closed');
    this.#close();
  }
  write(stream: 'stdout' | 'stderr', chunk: Uint8Array): Promise<void> {
    this.written.push(`${stream}: ${Buffer.from(chunk).toString()}`);
    return Promise.resolve();
  }
  passKeys() {
    this.story.push('keys passed');
    return () => void this.story.push('keys restored');
  }
}

interface OpenOptions {
  readonly terminal?: FakeTerminal;
  readonly changes?: Partial<ShellRequest>;
}

async function open({ terminal = new FakeTerminal(true, ''), changes = {} }: OpenOptions = {}) {
  const notes: string[] = [];
  const { execution } = await on.bench.execution('npm test');
  const runtime = on.bench.runtime(on.options());
  const ended = runtime.openShell({
    runId: on.bench.runId,
    job: execution.job,
    payloads: [],
    attempt: 1,
    secrets: [],
    command: null,
    shell: null,
    directory: null,
    imageFingerprint: null,
    instance: null,
    terminal,
    signal: new AbortController().signal,
    onNote: (line) => void notes.push(line),
    onOpen: (command) => void notes.push(`open: ${command}`),
    ...changes,
  });
  return { ended, notes, close: () => runtime.close() };
}

/** The execs of the setup are played; the shell itself is the test's. */
async function shellExec() {
  const exec = await on.fake.nextExec();
  exec.exit(0);
  return on.fake.nextExec();
}

describe('a shell in an instance', () => {
  it('has a terminal, whose keys, sizes and end are passed on, and an instance of its own', async () => {
    const terminal = new FakeTerminal(true, 'ls\r');
    const { ended, notes, close } = await open({ terminal });
    const exec = await shellExec();
    expect(exec.request).toMatchObject({
      cwd: '/workspace/work',
      terminal: { width: 90, height: 30 },
      environment: { PIKACI_COMMAND: 'npm test', PIKACI_JOB_ID: 'probe' },
    });
    expect(exec.instance.name).not.toBe(on.name);
    expect(exec.instance.definition.config).toMatchObject({
      'user.pikaci.run-id': on.bench.runId,
      'user.pikaci.owner': expect.stringContaining(`"pid":${process.pid}`) as string,
    });
    const typed = new Promise<string>((resolve) => {
      exec.hearInput((chunk) => resolve(chunk.toString()));
    });
    expect(await typed).toBe('ls\r');
    const resized = new Promise((resolve) => (exec.onResize = resolve));
    terminal.resize(120);
    expect(await resized).toEqual({ width: 120, height: 30 });
    exec.stdout('a file').exit(7);
    expect(await ended).toEqual({ ok: true, value: { exitCode: 7, left: [] } });
    expect(notes).toEqual(['open: npm test']);
    expect(terminal.written.join('')).toBe('stdout: a file');
    expect(terminal.story).toEqual([
      'keys passed',
      'size not heard any more',
      'keys restored',
      'input closed',
    ]);
    expect(await close()).toEqual([]);
    expect(on.fake.instances()).toEqual([]);
  });

  it('has plain streams without a terminal, and sees the end of the input', async () => {
    const terminal = new FakeTerminal(false, 'exit 3\n');
    const { ended, close } = await open({ terminal, changes: { command: ['cat', '-'] } });
    const exec = await shellExec();
    expect(exec.request.terminal).toBeNull();
    expect(exec.request.command.slice(-3)).toEqual(['sh', 'cat', '-']);
    expect((await exec.stdin).toString()).toBe('exit 3\n');
    exec.stderr('oh').exit(3);
    expect(await ended).toMatchObject({ value: { exitCode: 3 } });
    expect(terminal.written).toEqual(['stderr: oh']);
    expect(terminal.story).toEqual(['input closed']);
    await close();
    expect(on.fake.instances()).toEqual([]);
  });

  it('restores the terminal when the connection is lost, and removes the instance', async () => {
    const terminal = new FakeTerminal(true, '');
    const { ended, close } = await open({ terminal });
    (await shellExec()).drop();
    expect(await ended).toMatchObject({ error: { kind: 'infrastructure' } });
    expect(terminal.story.slice(-2)).toEqual(['keys restored', 'input closed']);
    expect(await close()).toEqual([]);
    expect(on.fake.instances()).toEqual([]);
  });

  it('ends from outside, with nothing left', async () => {
    const ending = new AbortController();
    const terminal = new FakeTerminal(true, '');
    const { ended, close } = await open({ terminal, changes: { signal: ending.signal } });
    await shellExec();
    ending.abort();
    expect(await ended).toMatchObject({ error: { kind: 'cancelled' } });
    expect(terminal.story).toContain('keys restored');
    await close();
    expect(on.fake.instances()).toEqual([]);
  });

  it('is left alone by a sweep as long as its process lives, and removed after that', async () => {
    const { ended } = await open();
    const exec = await shellExec();
    const sweep = (isAlive: boolean) =>
      on.bench.runtime(on.options()).sweep({
        isAbandoned: ({ owner }) => Promise.resolve(owner?.pid === process.pid && !isAlive),
        signal: new AbortController().signal,
      });
    expect(await sweep(true)).toEqual({ removed: [], problems: [] });
    const { removed } = await sweep(false);
    expect(removed).toEqual([`instance ${exec.instance.name} of run ${on.bench.runId}`]);
    await ended;
    expect(on.fake.instances()).toEqual([]);
  });

  it('has the image that the job had, or says that it is another one', async () => {
    const known = on.fake.addImage('older', { fingerprint: 'a'.repeat(64) });
    on.fake.serve(`/1.0/images/${known.fingerprint}`, known);
    on.fake.onExec(fakeGuest(() => 0));
    const first = await open({ changes: { imageFingerprint: known.fingerprint } });
    expect(await first.ended).toMatchObject({ value: { exitCode: 0 } });
    expect(first.notes).toEqual(['open: npm test']);
    const second = await open({ changes: { imageFingerprint: 'b'.repeat(64) } });
    expect(await second.ended).toMatchObject({ value: { exitCode: 0 } });
    expect(second.notes[0]).toContain('the image of the job (bbbbbbbbbbbb) is gone');
    const created = on.fake.requests
      .filter(({ method, path }) => method === 'POST' && path === '/1.0/instances')
      .map(
        ({ body }) => (JSON.parse(body.toString()) as { source: { fingerprint: string } }).source,
      );
    expect(created[0]?.fingerprint).toBe(known.fingerprint);
    expect(created[1]?.fingerprint).not.toBe(known.fingerprint);
    await first.close();
    await second.close();
  });
});
