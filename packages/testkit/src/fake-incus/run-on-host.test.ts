import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeExec, type ExecSink } from './fake-exec.js';
import { FakeInstance } from './fake-instance.js';
import { GuestFiles } from './guest-files.js';
import { runOnHost } from './run-on-host.js';

describe('commands of fake guests that run on the host', () => {
  let root: string;
  let instance: FakeInstance;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'run-on-host-'));
    const definition = {
      architecture: 'x86_64',
      description: '',
      ephemeral: false,
      stateful: false,
      profiles: [],
      config: {},
      devices: {},
    };
    const files = new GuestFiles(root);
    instance = new FakeInstance('c', 'default', 'container', definition, files, 'f'.repeat(64));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const run = (script: string, environment: Record<string, string> = {}): Promise<string> =>
    new Promise((resolve) => {
      let out = '';
      const sink: ExecSink = {
        write: (_, chunk) => (out += chunk.toString()),
        exited: (code) => resolve(`${out}[${code}]`),
        refused: (message) => resolve(message),
        dropped: () => undefined,
      };
      const request = {
        instance: 'c',
        project: 'default',
        command: ['sh', '-c', script],
        environment,
        cwd: undefined,
        user: undefined,
        group: undefined,
        recorded: false,
        terminal: null,
      };
      const exec = new FakeExec(request, instance, sink);
      exec.receive(Buffer.from('input'));
      exec.receive(undefined);
      void runOnHost({ guestPaths: ['/run', '/run/deep'] })(exec);
    });

  it('find the guest paths they name below the directory of the guest', async () => {
    instance.files.writeText('/run/deep/file', 'found');
    expect(await run('cat /run/deep/file "$WHERE"', { WHERE: '/run/deep/file' })).toBe(
      'foundfound[0]',
    );
    await run('echo written > /run/result');
    expect(instance.files.readText('/run/result')).toBe('written\n');
  });

  it('read their input and start in the home directory of root', async () => {
    instance.files.writeText('/root/here', '');
    expect(await run('cat; ls; exit 3')).toBe('inputhere\n[3]');
  });

  it('end with all they started when the instance stops', async () => {
    const ended = run('sleep 60 & sleep 60');
    const [exec] = instance.execs;
    exec?.kill('instance-stopped');
    expect(await ended).toBe('[137]');
  });
});
