import type { ExecSink } from './fake-exec.js';
import type { FakeInstance } from './fake-instance.js';
import type { FakeOperation } from './operations.js';

/** Keeps a command's output in files of the server, or drops it. */
export function recordingSink(
  instance: FakeInstance,
  operation: FakeOperation,
  keep: boolean,
): ExecSink {
  const nameOf = (stream: 'stdout' | 'stderr'): string => `exec_${operation.id}.${stream}`;
  const pathOf = (stream: 'stdout' | 'stderr'): string =>
    `/1.0/instances/${instance.name}/logs/exec-output/${nameOf(stream)}`;
  const write: ExecSink['write'] = (stream, chunk) => {
    if (!keep) return;
    const name = nameOf(stream);
    const before = instance.execOutput.get(name) ?? Buffer.alloc(0);
    instance.execOutput.set(name, Buffer.concat([before, chunk]));
  };
  // Both files exist from the start, also those of a command that cannot be executed.
  write('stdout', Buffer.alloc(0));
  write('stderr', Buffer.alloc(0));
  return {
    write,
    exited: (returnCode) =>
      operation.succeed({
        return: returnCode,
        ...(keep ? { output: { '1': pathOf('stdout'), '2': pathOf('stderr') } } : {}),
      }),
    refused: (message, status) => operation.fail(message, status),
    dropped: () => undefined,
  };
}
