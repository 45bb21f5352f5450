import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Refusal } from './answer.js';
import { ExecQueue } from './exec-queue.js';
import { FakeInstance, type FakeDefinition, type FakeProfile } from './fake-instance.js';
import { GuestFiles } from './guest-files.js';
import { Operations, type FakeOperation } from './operations.js';

/** An image of the fake. */
export interface FakeImage {
  readonly fingerprint: string;
  readonly type: 'container' | 'virtual-machine';
}

/** Something to tell subscribers of events. */
export interface FakeEvent {
  readonly type: 'operation' | 'lifecycle';
  readonly metadata: object;
}

/** A start that is to fail, with the lines the low-level log then holds. */
export interface FailingStart {
  readonly instance: string | undefined;
  readonly log: readonly string[];
}

/** Everything a fake server knows. */
export class World {
  readonly images = new Map<string, FakeImage>();
  readonly profiles = new Map<string, FakeProfile>([
    ['default', { config: {}, devices: { root: { type: 'disk', path: '/', pool: 'default' } } }],
  ]);
  /** Configurations of projects, by name. */
  readonly projects = new Map<string, Readonly<Record<string, string>>>([['default', {}]]);
  /** Answers of other paths, by path. */
  readonly extra = new Map<string, unknown>();
  readonly execs = new ExecQueue();
  readonly operations: Operations;
  readonly listeners = new Set<(event: FakeEvent) => void>();
  readonly failingStarts: FailingStart[] = [];
  /** How many of the next commands have their output lost on the way. */
  execsLosingOutput = 0;
  readonly #instances = new Map<string, FakeInstance>();
  readonly #directory: string;
  #created = 0;

  constructor(directory: string, forgetOperationsAfterMs: number) {
    this.#directory = directory;
    this.operations = new Operations(forgetOperationsAfterMs, (operation: FakeOperation) =>
      this.tell({ type: 'operation', metadata: operation }),
    );
  }

  /** Adds an image, or moves its alias. */
  addImage(alias: string, image: Partial<FakeImage> = {}): FakeImage {
    const fingerprint = image.fingerprint ?? createHash('sha256').update(alias).digest('hex');
    const added = { fingerprint, type: image.type ?? 'container' };
    this.images.set(alias, added);
    return added;
  }

  /** Tells subscribers of events. */
  tell(event: FakeEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  /** Tells subscribers what happened to an instance. */
  tellLifecycle(action: string, instance: FakeInstance): void {
    const metadata = {
      action,
      source: `/1.0/instances/${instance.name}`,
      project: instance.project,
    };
    this.tell({ type: 'lifecycle', metadata });
  }

  /** Instances of all projects. */
  all(): FakeInstance[] {
    return [...this.#instances.values()];
  }

  /** Instances of a project. */
  instances(project: string): FakeInstance[] {
    return this.all().filter((instance) => instance.project === project);
  }

  /** The instance, if there is one. */
  find(name: string, project: string): FakeInstance | undefined {
    return this.#instances.get(`${project}/${name}`);
  }

  /** The instance, or the refusal Incus gives for a missing one. */
  get(name: string, project: string): FakeInstance {
    const found = this.find(name, project);
    if (found) return found;
    const where = `instance "${name}" in project "${project}"`;
    throw new Refusal(404, `Failed to fetch ${where}: Instance not found`);
  }

  /** Adds an instance. Each gets a directory of its own, also under a name used before. */
  add(
    name: string,
    project: string,
    type: string,
    definition: FakeDefinition,
    fingerprint: string,
  ): FakeInstance {
    this.#created += 1;
    const files = new GuestFiles(join(this.#directory, `${name}-${this.#created}`));
    const instance = new FakeInstance(name, project, type, definition, files, fingerprint);
    this.#instances.set(`${project}/${name}`, instance);
    return instance;
  }

  /** Stops an instance at once: its commands are killed, and an ephemeral one is gone. */
  stop(instance: FakeInstance): void {
    instance.running = false;
    for (const exec of [...instance.execs]) exec.kill('instance-stopped');
    for (const stopped of instance.onStopped) stopped();
    instance.files.unmountAll();
    this.tellLifecycle('instance-stopped', instance);
    if (instance.definition.ephemeral) this.remove(instance);
  }

  /** Removes an instance. */
  remove(instance: FakeInstance): void {
    this.#instances.delete(`${instance.project}/${instance.name}`);
    this.tellLifecycle('instance-deleted', instance);
  }
}
