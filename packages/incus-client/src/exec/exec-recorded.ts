import { err, ok } from '@pikaci/model';
import { z } from 'zod';
import { defaultTimeLimits, type CallOptions } from '../call-options.js';
import type { IncusError, IncusResult } from '../incus-error.js';
import type { Operation } from '../operations/operation.js';
import { runOperation } from '../operations/run.js';
import { apiPath } from '../transport/api-path.js';
import { call } from '../transport/call.js';
import type { Connection } from '../transport/connection.js';
import { check } from '../transport/envelope.js';
import { readRaw } from '../transport/read-raw.js';
import type { ExecRecorded, RecordedExecResult } from './exec-api.js';
import { execBody } from './exec-command.js';

const recordedSchema = z.object({ return: z.number(), output: z.record(z.string(), z.string()) });

/** Executes commands with recorded output. */
export function createExecRecorded(connection: Connection): ExecRecorded {
  return async (instance, command, options = {}) => {
    const path = apiPath('instances', instance, 'exec');
    const json = execBody(command, 'record-output');
    const ran = await runOperation(connection, { method: 'POST', path, json }, options);
    if (!ran.ok) {
      await forgetFailed(connection, instance, ran.error);
      return ran;
    }
    const request = `POST ${path}`;
    if (!ran.value) return err({ kind: 'protocol', request, message: 'no operation was started' });
    return fetchOutput(connection, ran.value, request, options);
  };
}

async function fetchOutput(
  connection: Connection,
  operation: Operation,
  request: string,
  options: CallOptions,
): Promise<IncusResult<RecordedExecResult>> {
  const recorded = check(recordedSchema, operation.metadata, request);
  if (!recorded.ok) return recorded;
  const { return: returnCode, output } = recorded.value;
  const read = (stream: string): Promise<IncusResult<Buffer>> => {
    const file = output[stream];
    return file === undefined
      ? Promise.resolve(ok(Buffer.alloc(0)))
      : readRaw(connection, file, options);
  };
  const [stdout, stderr] = await Promise.all([read('1'), read('2')]);
  await Promise.all(Object.values(output).map((file) => remove(connection, file)));
  if (!stdout.ok) return stdout;
  if (!stderr.ok) return stderr;
  return ok({ returnCode, stdout: stdout.value, stderr: stderr.value });
}

/** Of a command that could not be executed the server keeps two (empty) files under names nobody is told. */
async function forgetFailed(
  connection: Connection,
  instance: string,
  error: IncusError,
): Promise<void> {
  if (error.kind !== 'operation') return;
  const files = ['stdout', 'stderr'].map((stream) =>
    apiPath('instances', instance, 'logs', 'exec-output', `exec_${error.operation}.${stream}`),
  );
  await Promise.all(files.map((file) => remove(connection, file)));
}

/** Best effort: a file left behind goes with the instance. */
async function remove(connection: Connection, path: string): Promise<void> {
  await call(connection, { method: 'DELETE', path }, { timeoutMs: defaultTimeLimits.request });
}
