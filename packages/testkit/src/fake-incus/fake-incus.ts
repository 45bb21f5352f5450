import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sync, type FakeAnswer, type FakeRequest } from './answer.js';
import { definitionOf } from './definition.js';
import { EventStream } from './event-stream.js';
import type { ExecHandler, FakeExec } from './fake-exec.js';
import type { FakeInstance, FakeProfile } from './fake-instance.js';
import { Faults } from './faults.js';
import { HttpFront, type Backend } from './http-front.js';
import { route, type Routes } from './router.js';
import { ExecRoutes } from './routes-exec.js';
import { fileRoutes } from './routes-files.js';
import { instanceRoutes } from './routes-instances.js';
import { logRoutes } from './routes-logs.js';
import { serverRoutes } from './routes-server.js';
import { start } from './state-change.js';
import { World, type FakeImage } from './world.js';

/** How a fake server behaves from the start. */
export interface FakeIncusOptions {
  /** Images by alias; default: `tiny` and `debian`, both for containers. */
  readonly images?: Readonly<Record<string, Partial<FakeImage>>> | undefined;
  /** How long an operation is remembered after its end. Default: 5 s, as with the real server. */
  readonly forgetOperationsAfterMs?: number | undefined;
  /** Plays the guest's part for all commands no test waits for. */
  readonly onExec?: ExecHandler | undefined;
}

/** A running fake Incus server, steered by a test. Disposing of it closes it and removes its files. */
export class FakeIncus implements AsyncDisposable {
  /** Where it listens. */
  readonly socketPath: string;
  /** Faults of requests to come. */
  readonly faults: Faults = new Faults();
  readonly #directory: string;
  readonly #world: World;
  readonly #front: HttpFront;
  readonly #execRoutes: ExecRoutes;

  constructor(directory: string, options: FakeIncusOptions) {
    this.#directory = directory;
    this.socketPath = join(directory, 'incus.socket');
    this.#world = new World(join(directory, 'guests'), options.forgetOperationsAfterMs ?? 5_000);
    this.#execRoutes = new ExecRoutes(this.#world);
    this.#front = new HttpFront(this.socketPath, this.#backend(), this.faults);
    for (const [alias, image] of Object.entries(options.images ?? { tiny: {}, debian: {} }))
      this.addImage(alias, image);
    this.onExec(options.onExec);
  }

  /** All requests so far, for example to see that there was one `POST /1.0/instances` with all devices. */
  get requests(): readonly FakeRequest[] {
    return this.#front.requests;
  }

  /** The instances of a project. */
  instances(project = 'default'): readonly FakeInstance[] {
    return this.#world.instances(project);
  }

  /** One instance; a missing one is a mistake of the test. */
  instance(name: string, project = 'default'): FakeInstance {
    return this.#world.get(name, project);
  }

  /** Adds an image, or moves its alias to another one. */
  addImage(alias: string, image: Partial<FakeImage> = {}): FakeImage {
    return this.#world.addImage(alias, image);
  }

  /** Takes an image away, as an automatic update does. */
  removeImage(alias: string): void {
    this.#world.images.delete(alias);
  }

  /** Adds a profile. */
  addProfile(name: string, profile: FakeProfile): void {
    this.#world.profiles.set(name, profile);
  }

  /** Adds a project, or changes its configuration. */
  setProject(name: string, config: Readonly<Record<string, string>>): void {
    this.#world.projects.set(name, config);
  }

  /** Adds an instance that no request has made. */
  addInstance(name: string, config: Readonly<Record<string, string>>): FakeInstance {
    const definition = definitionOf({ config });
    return this.#world.add(name, 'default', 'container', definition, 'image');
  }

  /** Stops an instance and starts it at once, as a guest does that reboots itself. */
  rebootInstance(name: string, project = 'default'): void {
    const instance = this.instance(name, project);
    this.#world.stop(instance);
    start(this.#world, instance);
  }

  /** Answers another path with this metadata. */
  serve(path: string, metadata: unknown): void {
    this.#world.extra.set(path, metadata);
  }

  /** The next command, which the test then drives. Comes before the automatic handler. */
  nextExec(): Promise<FakeExec> {
    return this.#world.execs.next();
  }

  /** Plays the guest's part for all commands no test waits for; undefined: they wait for `nextExec`. */
  onExec(handler: ExecHandler | undefined): void {
    this.#world.execs.handler = handler;
  }

  /** Stops an instance at once, as a crash of the guest does: commands under way end with 137. */
  stopInstance(name: string, project = 'default'): void {
    this.#world.stop(this.instance(name, project));
  }

  /** Lets an instance vanish, as if somebody else had deleted it. */
  removeInstance(name: string, project = 'default'): void {
    const instance = this.instance(name, project);
    if (instance.running) this.#world.stop(instance);
    if (this.#world.find(name, project)) this.#world.remove(instance);
  }

  /** The next start (of that instance) fails, and the low-level log then holds these messages. */
  failNextStart(log: readonly string[], instance?: string): void {
    this.#world.failingStarts.push({ instance, log });
  }

  /** The output of the next streamed commands is lost on the way, as happens now and then under load. */
  loseExecOutput(commands = 1): void {
    this.#world.execsLosingOutput += commands;
  }

  /** Forgets all operations at once, also running ones. */
  forgetOperations(): void {
    this.#world.operations.forgetAll();
  }

  /** Cuts all connections there are; new ones are accepted. */
  dropConnections(): void {
    this.#execRoutes.dropAll();
    this.#front.dropConnections();
  }

  /** The machine loses power: connections are cut, all instances stop, nobody listens any more. */
  async powerOff(): Promise<void> {
    await this.#front.close();
    for (const instance of this.#world.all()) if (instance.running) this.#world.stop(instance);
    this.forgetOperations();
  }

  /** The machine is back: stopped instances are still there, operations are forgotten. */
  async powerOn(): Promise<void> {
    await this.#front.listen();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.powerOff();
    await rm(this.#directory, { recursive: true, force: true });
  }

  #backend(): Backend {
    const routes: Routes = {
      ...serverRoutes(this.#world),
      ...instanceRoutes(this.#world),
      ...fileRoutes(this.#world),
      ...logRoutes(this.#world),
      ...this.#execRoutes.routes,
    };
    const events = new EventStream(this.#world);
    return {
      answer: (request) => this.#extra(request) ?? route(routes, request)(),
      upgrade: (request, raw, socket, head) => {
        if (request.path === '/1.0/events')
          events.connect((request.query.get('type') ?? '').split(','), raw, socket, head);
        else {
          const [, , , id = ''] = request.path.split('/');
          this.#execRoutes.connect(id, request.query.get('secret') ?? '', raw, socket, head);
        }
      },
    };
  }

  #extra({ method, path }: FakeRequest): FakeAnswer | undefined {
    const known = method === 'GET' && this.#world.extra.has(path);
    return known ? sync(this.#world.extra.get(path)) : undefined;
  }
}

/** Starts a fake Incus server on a socket of its own. Use it with `await using`. */
export async function startFakeIncus(options: FakeIncusOptions = {}): Promise<FakeIncus> {
  const directory = await mkdtemp(join(tmpdir(), 'fake-incus-'));
  const fake = new FakeIncus(directory, options);
  await fake.powerOn();
  return fake;
}
