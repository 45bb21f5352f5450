import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import { Refusal, type FakeAnswer } from './answer.js';
import { ExecStreams } from './exec-streams.js';
import { FakeExec, type FakeExecRequest } from './fake-exec.js';
import type { FakeInstance } from './fake-instance.js';
import { jsonBody, listOf, textsOf, type JsonObject } from './json-body.js';
import { operationOn } from './operation-on.js';
import type { FakeOperation } from './operations.js';
import { recordingSink } from './recording-sink.js';
import type { RoutedRequest, Routes } from './router.js';
import type { World } from './world.js';

/** What Incus sets for every command. */
const environment = {
  HOME: '/root',
  LANG: 'C.UTF-8',
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  USER: 'root',
};

/** How long all streams may take to be connected, as in 6.0.4. */
const CONNECT_MS = 5_000;

/** Commands in guests, with streamed, recorded or dropped output. */
export class ExecRoutes {
  readonly routes: Routes;
  readonly #world: World;
  readonly #streams = new Map<string, ExecStreams>();

  constructor(world: World) {
    this.#world = world;
    this.routes = { 'POST /1.0/instances/:name/exec': (request) => this.#start(request) };
  }

  /** A websocket of a command's streams is to be connected. */
  connect(
    id: string,
    secret: string,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
  ): void {
    const streams = this.#streams.get(id);
    if (!streams) throw new Refusal(404, 'Operation not found');
    streams.connect(secret, request, socket, head);
  }

  /** Cuts the streams of all commands, without any end mark. */
  dropAll(): void {
    for (const streams of this.#streams.values()) streams.drop();
  }

  #start(request: RoutedRequest): FakeAnswer {
    const body = jsonBody(request);
    const instance = this.#world.get(request.params['name'] ?? '', request.project);
    const recorded = body['record-output'] === true;
    const streamed = body['wait-for-websocket'] === true;
    if (recorded && (streamed || body['interactive'] === true))
      throw new Refusal(400, 'Cannot use both wait-for-websocket and record-output');
    if (!instance.running) throw new Refusal(400, 'Instance is not running');
    if (!instance.agentRunning) throw new Refusal(400, "VM agent isn't currently running");
    const operation = operationOn('Executing command', instance.name, request);
    const asked = execRequest(body, instance, recorded);
    if (!streamed) {
      const sink = recordingSink(instance, operation, recorded);
      this.#world.execs.offer(endInput(new FakeExec(asked, instance, sink)));
      return this.#world.operations.start(operation);
    }
    return this.#startStreamed(asked, instance, operation);
  }

  #startStreamed(
    asked: FakeExecRequest,
    instance: FakeInstance,
    operation: FakeOperation,
  ): FakeAnswer {
    const secrets = Object.fromEntries(
      streamNames(asked).map((name) => [name, randomBytes(32).toString('hex')]),
    );
    operation.metadata = { ...asked, fds: secrets, interactive: asked.terminal !== null };
    const losesOutput = this.#world.execsLosingOutput > 0;
    if (losesOutput) this.#world.execsLosingOutput -= 1;
    const streams = new ExecStreams(secrets, operation, losesOutput, () => {
      const exec = new FakeExec(asked, instance, streams);
      streams.attach(exec);
      this.#world.execs.offer(exec);
    });
    this.#streams.set(operation.id, streams);
    void operation.ended.then(() => this.#streams.delete(operation.id));
    setTimeout(() => streams.expire(), CONNECT_MS).unref();
    return this.#world.operations.start(operation);
  }
}

function streamNames({ terminal }: FakeExecRequest): readonly string[] {
  return terminal === null ? ['0', '1', '2', 'control'] : ['0', 'control'];
}

function endInput(exec: FakeExec): FakeExec {
  exec.receive(undefined);
  return exec;
}

function execRequest(body: JsonObject, instance: FakeInstance, recorded: boolean): FakeExecRequest {
  const number = (value: unknown): number | undefined =>
    typeof value === 'number' ? value : undefined;
  const own = Object.entries(instance.definition.config)
    .filter(([key]) => key.startsWith('environment.'))
    .map(([key, value]) => [key.slice('environment.'.length), value] as const);
  return {
    instance: instance.name,
    project: instance.project,
    command: listOf(body['command'], []),
    environment: { ...environment, ...Object.fromEntries(own), ...textsOf(body['environment']) },
    cwd: typeof body['cwd'] === 'string' ? body['cwd'] : undefined,
    user: number(body['user']),
    group: number(body['group']),
    recorded,
    terminal:
      body['interactive'] === true
        ? { width: number(body['width']) ?? 0, height: number(body['height']) ?? 0 }
        : null,
  };
}
