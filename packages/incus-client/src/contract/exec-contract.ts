import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isCommandNotFound } from '../error-causes.js';
import type { ExecOptions, ExecResult } from '../exec/exec-api.js';
import { mayMeanInstanceGone } from '../exec/exec-command.js';
import type { IncusResult } from '../incus-error.js';
import {
  errorOf,
  freshName,
  startInstance,
  valueOf,
  type ConnectToServer,
  type ContractServer,
} from './contract-server.js';

/** Commands in guests. */
export function execContract(connect: ConnectToServer): void {
  describe('exec', () => {
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

    const shell = (script: string, options?: ExecOptions): Promise<IncusResult<ExecResult>> =>
      server.client.exec(name, { command: ['sh', '-c', script] }, options);

    it('gives the exit status of the command', async () => {
      expect(valueOf(await shell('exit 42'))).toEqual({ returnCode: 42, outputComplete: true });
      expect(valueOf(await shell('true')).returnCode).toBe(0);
    });

    it('keeps the two outputs apart and every byte as it is', async () => {
      const out: Buffer[] = [];
      const err: Buffer[] = [];
      const script = String.raw`printf '\000\377\r\n\200out'; printf 'err\000' >&2`;
      const ran = await shell(script, {
        onStdout: (chunk) => void out.push(chunk),
        onStderr: (chunk) => void err.push(chunk),
      });
      expect(valueOf(ran).outputComplete).toBe(true);
      expect(Buffer.concat(out)).toEqual(Buffer.from('\0\xff\r\n\x80out', 'latin1'));
      expect(Buffer.concat(err)).toEqual(Buffer.from('err\0'));
    });

    it('feeds the input and the end of file after it', async () => {
      const input = Buffer.from('zeile äöü\n'.repeat(50_000));
      const out: Buffer[] = [];
      const ran = await shell('cat', { stdin: input, onStdout: (chunk) => void out.push(chunk) });
      expect(valueOf(ran)).toEqual({ returnCode: 0, outputComplete: true });
      expect(Buffer.concat(out).equals(input)).toBe(true);
      // Without input a command that reads sees the end at once.
      expect(valueOf(await shell('cat')).returnCode).toBe(0);
    });

    it('runs in the working directory and with the environment asked for', async () => {
      valueOf(await server.client.files.write(name, '/root/here', 'found'));
      const command = ['sh', '-c', 'cat here; printf %s "$GREETING"'];
      const environment = { GREETING: ' and greeted' };
      const ran = await server.client.execRecorded(name, { command, environment, cwd: '/root' });
      expect(valueOf(ran).stdout.toString()).toBe('found and greeted');
    });

    it('says that a command does not exist', async () => {
      const missing = { command: ['no-such-program'] };
      for (const result of [
        await server.client.exec(name, missing),
        await server.client.execRecorded(name, missing),
      ]) {
        const error = errorOf(result);
        expect(error).toMatchObject({ kind: 'operation', statusCode: 400 });
        expect(isCommandNotFound(error)).toBe(true);
      }
    });

    it('records output and leaves none of it at the server', async () => {
      const script = 'echo out; echo err >&2; exit 3';
      const ran = await server.client.execRecorded(name, { command: ['sh', '-c', script] });
      expect(valueOf(ran)).toEqual({
        returnCode: 3,
        stdout: Buffer.from('out\n'),
        stderr: Buffer.from('err\n'),
      });
      await server.client.execRecorded(name, { command: ['no-such-program'] });
      const left = await server.client.get(
        `/1.0/instances/${name}/logs/exec-output`,
        z.array(z.string()),
      );
      expect(valueOf(left)).toEqual([]);
    });

    it('passes signals on to the command', async () => {
      let signal: (number: number) => void = () => undefined;
      const ran = await shell('echo ready; exec sleep 60', {
        onStarted: (control) => (signal = control.signal.bind(control)),
        onStdout: () => signal(15),
      });
      expect(valueOf(ran).returnCode).toBe(143);
    });

    it('gives up at the time limit and when the caller does', async () => {
      expect(errorOf(await shell('sleep 60', { timeoutMs: 200 }))).toMatchObject({
        kind: 'timeout',
        timeoutMs: 200,
      });
      const caller = new AbortController();
      const ran = shell('echo ready; sleep 60', {
        signal: caller.signal,
        onStdout: () => caller.abort(),
      });
      expect(errorOf(await ran)).toMatchObject({ kind: 'aborted' });
    });

    it('returns 137 when the instance is stopped under the command', async () => {
      const { instances } = server.client;
      let stopped: Promise<unknown> = Promise.resolve();
      const ran = await shell('echo ready; sleep 60', {
        onStdout: () => {
          stopped = instances.setState(name, { action: 'stop', force: true });
        },
      });
      await stopped;
      expect(valueOf(ran).returnCode).toBe(137);
      expect(mayMeanInstanceGone(valueOf(ran).returnCode)).toBe(true);
      expect(valueOf(await instances.get(name)).status).toBe('Stopped');
    });
  });
}
