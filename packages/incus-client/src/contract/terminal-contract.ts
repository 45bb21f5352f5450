import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InteractiveControl, InteractiveExecOptions } from '../exec/exec-api.js';
import {
  errorOf,
  freshName,
  startInstance,
  valueOf,
  type ConnectToServer,
  type ContractServer,
} from './contract-server.js';

/** Commands with a terminal. */
export function terminalContract(connect: ConnectToServer): void {
  describe('exec with a terminal', () => {
    let server: ContractServer;
    const name = freshName();
    beforeAll(async () => {
      server = await connect();
      await startInstance(server, name);
    });
    afterAll(async () => {
      valueOf(await server.client.instances.remove(name));
      await server.close();
    });

    /** Runs a script; `reply` is called with all that was printed whenever there is more. */
    async function run(
      script: string,
      reply: (printed: string, person: Person) => void = () => undefined,
      options: Partial<InteractiveExecOptions> = {},
    ) {
      const person = new Person();
      let printed = '';
      const ran = await server.client.execInteractive(
        name,
        { command: ['sh', '-c', script], environment: { TERM: 'dumb' } },
        {
          size: { width: 97, height: 31 },
          input: person.keys(),
          onStarted: (control) => (person.control = control),
          onOutput: (chunk) => {
            printed += chunk.toString();
            reply(printed, person);
          },
          ...options,
        },
      );
      return { ran, printed };
    }

    it('has a terminal of the size that is asked for, and gives the exit status', async () => {
      const script = 'test -t 0 && test -t 1 && test -t 2 && stty size && exit 42';
      const { ran, printed } = await run(script);
      expect(printed).toContain('31 97');
      expect(valueOf(ran)).toEqual({ returnCode: 42, outputComplete: true });
    });

    it('passes on what is typed, and shows it', async () => {
      const script = 'echo "ready"; read -r line; echo "<$line>"';
      const { ran, printed } = await run(script, (shown, person) => {
        if (shown.includes('ready')) person.typeOnce('a wörd\r');
      });
      expect(printed).toContain('<a wörd>');
      // The echo of the terminal.
      expect(printed.split('a wörd')).toHaveLength(3);
      expect(valueOf(ran).returnCode).toBe(0);
    });

    it('makes a signal of Ctrl-C', async () => {
      const script = 'trap "exit 9" INT; echo ready; while :; do sleep 0.1 || sleep 1; done';
      const { ran } = await run(script, (shown, person) => {
        if (shown.includes('ready')) person.typeOnce('\x03');
      });
      expect(valueOf(ran).returnCode).toBe(9);
    });

    it('tells the terminal its new size', async () => {
      const script =
        'trap "stty size; exit 5" WINCH; echo ready; while :; do sleep 0.1 || sleep 1; done';
      const { ran, printed } = await run(script, (shown, person) => {
        if (shown.includes('ready')) person.control?.resize({ width: 123, height: 45 });
      });
      expect(printed).toContain('45 123');
      expect(valueOf(ran).returnCode).toBe(5);
    });

    it('gives up when the caller does', async () => {
      const caller = new AbortController();
      const { ran } = await run('echo ready; sleep 60', () => caller.abort(), {
        signal: caller.signal,
      });
      expect(errorOf(ran)).toMatchObject({ kind: 'aborted' });
    });

    it('says that a command does not exist', async () => {
      const missing = await server.client.execInteractive(
        name,
        { command: ['no-such-program'] },
        { size: { width: 80, height: 24 } },
      );
      expect(errorOf(missing)).toMatchObject({ kind: 'operation', statusCode: 400 });
    });
  });
}

/** Who sits at the terminal. */
class Person {
  control: InteractiveControl | undefined;
  #press: (keys: string) => void = () => undefined;
  readonly #pressed = new Promise<string>((resolve) => (this.#press = resolve));

  /** Types these keys, and no others after them. */
  typeOnce(keys: string): void {
    this.#press(keys);
  }

  async *keys(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(await this.#pressed);
  }
}
