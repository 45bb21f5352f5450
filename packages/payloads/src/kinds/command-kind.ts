import { endMarkedProcesses, runCommand } from '@pikaci/host';
import { fail, ok, type CommandPayloadConfig, type Outcome } from '@pikaci/model';
import { createHash, randomBytes } from 'node:crypto';
import type { KeyInput } from '@pikaci/model';
import { findInputFiles } from '../key/input-files.js';
import { inputIdentity } from '../key/input-identity.js';
import {
  placedOutput,
  type BuildPlace,
  type BuiltOutput,
  type IdentifyRequest,
  type PayloadKind,
} from '../payload-kind.js';
import { buildEnvironment } from './build-environment.js';
import { copyInputs } from './copy-inputs.js';
import { placeDependencies } from './place-dependencies.js';
import { takeOutput } from './take-output.js';

type CommandRequest = IdentifyRequest<CommandPayloadConfig>;

/** A payload that a shell command builds from declared inputs. */
export const commandKind: PayloadKind<CommandPayloadConfig> = {
  manifestKind: 'command_payload_v1',
  identify: async (request) => {
    const { payload, payloadId, snapshot } = request;
    const files = await findInputFiles(snapshot.dir, payload.inputs, payloadId);
    if (!files.ok) return files;
    return ok({
      keyInputs: [...commandInputs(payload), ...(await inputIdentity(files.value))],
      build: async (place) => {
        await copyInputs(files.value, place.workDir);
        return buildByCommand(request, place);
      },
    });
  },
};

function commandInputs(payload: CommandPayloadConfig): KeyInput[] {
  const env = Object.entries(payload.env).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    { name: 'run', value: payload.run },
    ...(payload.output === undefined ? [] : [{ name: 'output', value: payload.output }]),
    // Inputs are kept with the payload in the open, and values of variables may be secret.
    ...env.map(([name, value]) => ({ name: `env ${name}`, value: digest(value) })),
  ];
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function buildByCommand(
  request: CommandRequest,
  place: BuildPlace,
): Promise<Outcome<BuiltOutput>> {
  const dependencies = await placeDependencies(place.dependencies, place.workDir);
  if (!dependencies.ok) return dependencies;
  const mark = { PIKACI_BUILD_ID: randomBytes(8).toString('hex') };
  const done = await runCommand({
    command: ['sh', '-c', request.payload.run],
    cwd: place.workDir,
    env: { ...buildEnvironment(request, place, dependencies.value), ...mark },
    timeoutSeconds: request.payload.timeoutSeconds,
    signal: request.signal,
    onStdout: (chunk) => place.log.output(chunk),
    onStderr: (chunk) => place.log.output(chunk),
  });
  // What left the process group, with setsid for example, must not write into the payload later.
  await endMarkedProcesses(mark);
  if (!done.ok) return done;
  const { ending, exitCode, signal } = done.value;
  if (ending === 'aborted') {
    return fail('cancelled', `The build of payload "${request.payloadId}" was cancelled`);
  }
  if (ending === 'timed-out') return timedOut(request, place);
  if (exitCode === 0) {
    const taken = await takeOutput(request.payloadId, request.payload.output, place);
    return taken.ok ? ok(placedOutput) : taken;
  }
  return buildFailed(request, place, exitCode === null ? `${signal}` : `exit code ${exitCode}`);
}

function timedOut(request: CommandRequest, place: BuildPlace): Outcome<never> {
  const { payloadId, payload } = request;
  return fail(
    'timeout',
    `The build of payload "${payloadId}" was ended after ${payload.timeoutSeconds} s`,
    {
      reason: place.log.tail() || 'it printed nothing',
      hint: `Raise timeoutSeconds of payload "${payloadId}" if the build needs longer.`,
    },
  );
}

function buildFailed(request: CommandRequest, place: BuildPlace, how: string): Outcome<never> {
  return fail('payload', `The build of payload "${request.payloadId}" failed with ${how}`, {
    reason: place.log.tail() || 'it printed nothing',
    hint: 'All it printed is in host.log of each job that needs the payload. The build sees its declared inputs alone.',
  });
}
