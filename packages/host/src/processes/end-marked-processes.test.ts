import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { endMarkedProcesses, findMarks } from './end-marked-processes.js';

async function sleeper(env: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1e6)'], {
    env,
    detached: true,
  });
  await once(child.stdout, 'data');
  return child;
}

describe.runIf(process.platform === 'linux')('findMarks', () => {
  it('tells each combination of values once, of processes that have them all', async () => {
    const marks = { PIKACI_TEST_FIND: `${process.pid}=x`, PIKACI_TEST_JOB: 'a' };
    const children = [
      await sleeper(marks),
      await sleeper(marks),
      await sleeper({ ...marks, PIKACI_TEST_JOB: 'b' }),
      await sleeper({ PIKACI_TEST_FIND: 'alone' }),
    ];
    const found = findMarks(Object.keys(marks)).filter(
      (one) => one['PIKACI_TEST_FIND'] === marks.PIKACI_TEST_FIND,
    );
    expect(found.map((one) => one['PIKACI_TEST_JOB']).sort()).toEqual(['a', 'b']);
    for (const child of children) child.kill('SIGKILL');
  });
});

describe.runIf(process.platform === 'linux')('endMarkedProcesses', () => {
  it('kills the processes that have every mark, and no others', async () => {
    const marks = { PIKACI_TEST_MARK: `${process.pid}`, PIKACI_TEST_JOB: 'a' };
    const marked = await sleeper(marks);
    const almost = await sleeper({ ...marks, PIKACI_TEST_JOB: 'ab' });
    const ended = once(marked, 'exit');
    expect(await endMarkedProcesses(marks)).toEqual([marked.pid]);
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(almost.exitCode ?? almost.signalCode).toBeNull();
    almost.kill('SIGKILL');
  });

  it('refuses to work without marks: those every process has', async () => {
    await expect(endMarkedProcesses({})).rejects.toThrow(TypeError);
  });
});
