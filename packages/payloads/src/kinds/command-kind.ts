import {
  fail,
  failure,
  ok,
  type BuildEnd,
  type BuildRuntime,
  type CommandPayloadConfig,
  type Failure,
  type KeyInput,
  type Outcome,
} from '@pikaci/model';
import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { findInputFiles } from '../key/input-files.js';
import { inputIdentity } from '../key/input-identity.js';
import {
  placedOutput,
  type BuildPlace,
  type BuiltOutput,
  type IdentifyRequest,
  type PayloadKind,
} from '../payload-kind.js';
import type { PayloadLog } from '../payload-log.js';
import { copyInputs } from './copy-inputs.js';
import { cancelledBuild, timedOutBuild } from './end-of-build.js';
import { takeOutput } from './take-output.js';

type CommandRequest = IdentifyRequest<CommandPayloadConfig>;

/** A payload that a shell command builds from declared inputs. */
export const commandKind: PayloadKind<CommandPayloadConfig> = {
  manifestKind: 'command_payload_v1',
  identify: async (request) => {
    const { payload, payloadId, snapshot } = request;
    const runtime = buildRuntime(request);
    if (!runtime.ok) return runtime;
    const machine = await runtime.value.identify(request.signal);
    if (!machine.ok) return machine;
    const findFiles = () => findInputFiles(snapshot.dir, payload.inputs, payloadId);
    return ok({
      keyInputs: [...commandInputs(payload), ...machine.value],
      snapshotInputs: {
        globs: payload.inputs,
        find: async () => {
          const files = await findFiles();
          return files.ok ? ok(await inputIdentity(files.value)) : files;
        },
      },
      build: async (place) => {
        const files = await findFiles();
        if (!files.ok) return files;
        await copyInputs(files.value, place.workDir, request.signal);
        return buildByCommand(request, runtime.value, place);
      },
    });
  },
};

function commandInputs(payload: CommandPayloadConfig): KeyInput[] {
  const env = Object.entries(payload.env).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    { name: 'run', value: payload.run },
    { name: 'runtime', value: payload.runtime },
    ...(payload.output === undefined ? [] : [{ name: 'output', value: payload.output }]),
    // Inputs are kept with the payload in the open, and values of variables may be secret.
    ...env.map(([name, value]) => ({ name: `env ${name}`, value: digest(value) })),
  ];
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function buildByCommand(
  { payloadId, payload, snapshot, signal, force }: CommandRequest,
  runtime: BuildRuntime,
  place: BuildPlace,
): Promise<Outcome<BuiltOutput>> {
  const { dependencies, log } = place;
  const workDir = await realpath(place.workDir);
  const outputDir = await realpath(place.outputDir);
  const done = await runtime.run({
    payloadId,
    run: payload.run,
    workDir,
    outputDir,
    workspaceRoot: snapshot.sourceRoot,
    env: payload.env,
    dependencies,
    timeoutSeconds: payload.timeoutSeconds,
    signal,
    force,
    onOutput: (chunk) => log.output(chunk),
    onLog: (line) => log.line(line),
  });
  if (!done.ok) return done;
  const failed = endFailure(payloadId, payload, done.value, log);
  if (failed !== null) return { ok: false, error: failed };
  const taken = await takeOutput(payloadId, payload.output, { workDir, outputDir, log });
  return taken.ok ? ok(placedOutput) : taken;
}

/** Why the end of a build's command is no success; null when it is one. */
function endFailure(
  payloadId: string,
  payload: CommandPayloadConfig,
  { ending, exitCode, signal }: BuildEnd,
  log: PayloadLog,
): Failure | null {
  if (ending === 'cancelled') {
    return cancelledBuild(payloadId).error;
  }
  const reason = log.tail() || 'it printed nothing';
  if (ending === 'timed-out') {
    return timedOutBuild(payloadId, payload.timeoutSeconds, reason).error;
  }
  if (exitCode === 0) return null;
  const how = exitCode === null ? `${signal}` : `exit code ${exitCode}`;
  return failure('payload', `The build of payload "${payloadId}" failed with ${how}`, {
    reason,
    hint: 'All it printed is in host.log of each job that needs the payload. The build sees its declared inputs alone.',
  });
}

/** The runtime that the payload is to be built in. */
function buildRuntime({ payloadId, payload, runtimes }: CommandRequest): Outcome<BuildRuntime> {
  const runtime = runtimes.get(payload.runtime);
  if (runtime !== undefined) return ok(runtime);
  const message = `Payload "${payloadId}" is built in the runtime "${payload.runtime}", which is not set up`;
  return fail('config', message, {
    hint: `Set that runtime up (runtimes.${payload.runtime}), or give the payload another one.`,
  });
}
