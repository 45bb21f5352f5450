import { describe, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import type { CliIo } from '../io.js';
import { createSession } from '../session.js';
import { createLogPrinter } from './log-printer.js';

const log = Buffer.from('::stop-commands::x\n \x1b[31m::error::y\n\x1b]0;t\x07##[error]z\n');

async function printed(world: Partial<CliIo>): Promise<string> {
  const io = capturedIo(world);
  const printer = createLogPrinter(createSession(io, { color: true, output: 'human' }));
  await printer.bytes(log);
  await printer.end();
  return io.stdout.text;
}

describe('the printed log of a job', () => {
  it('is raw in a pipe', async () => {
    expect(await printed({})).toBe(log.toString());
  });

  it.each([
    ['on a terminal', { stdoutIsTerminal: true, env: { TERM: 'dumb' } }],
    ['in GitHub Actions', { env: { GITHUB_ACTIONS: 'true' } }],
    ['in Azure Pipelines', { env: { TF_BUILD: 'True' } }],
  ])('commands nobody %s', async (_, world) => {
    expect(await printed(world)).toBe('\\::stop-commands::x\n \\::error::y\n##\\[error]z\n');
  });
});
