import { createHash, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { FakeExec } from './fake-exec.js';
import type { GuestFiles } from './guest-files.js';

/** The part of an instance that clients write. */
export interface FakeDefinition {
  architecture: string;
  description: string;
  ephemeral: boolean;
  stateful: boolean;
  profiles: readonly string[];
  config: Record<string, string>;
  devices: Record<string, Record<string, string>>;
}

/** What a profile adds to an instance. */
export interface FakeProfile {
  readonly config: Readonly<Record<string, string>>;
  readonly devices: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** An instance of the fake. */
export class FakeInstance {
  readonly name: string;
  readonly project: string;
  readonly type: string;
  readonly definition: FakeDefinition;
  readonly files: GuestFiles;
  running = false;
  /** How often it was started: each time its first process is another one. */
  starts = 0;
  /** Whether commands can be executed: always in containers, in VMs when the agent is up. */
  agentRunning = true;
  /** Until when (`performance.now`) Incus tidies up after a failed start, and takes the instance for running. */
  settlingUntil = 0;
  /** The low-level log. */
  lxcLog = '';
  /** Recorded output by file name. */
  readonly execOutput = new Map<string, Buffer>();
  /** Commands under way. */
  readonly execs = new Set<FakeExec>();
  /** Called when the instance stops, in whatever way. */
  readonly onStopped = new Set<() => void>();

  constructor(
    name: string,
    project: string,
    type: string,
    definition: FakeDefinition,
    files: GuestFiles,
    fingerprint: string,
  ) {
    this.name = name;
    this.project = project;
    this.type = type;
    this.files = files;
    const uuid = randomUUID();
    const config = {
      ...definition.config,
      'volatile.uuid': uuid,
      'volatile.uuid.generation': uuid,
      'volatile.base_image': fingerprint,
    };
    this.definition = { ...definition, config };
  }

  /** `volatile.uuid`. */
  get uuid(): string {
    return this.definition.config['volatile.uuid'] ?? '';
  }

  /** Whether Incus still tidies up after a failed start. */
  get settling(): boolean {
    return performance.now() < this.settlingUntil;
  }

  /** Changes when the definition does. */
  get etag(): string {
    return createHash('sha256').update(JSON.stringify(this.definition)).digest('hex');
  }

  /** Shows the sources of the disk devices in the guest's files. */
  mountDevices(): void {
    this.files.unmountAll();
    for (const { type, source, path, pool } of Object.values(this.definition.devices))
      if (type === 'disk' && source !== undefined && path !== undefined && pool === undefined)
        this.files.mount(source, path);
  }

  /** Puts something at the places of the host's sockets that proxy devices listen at. Nothing is carried. */
  openSockets(): void {
    for (const { type, bind, listen } of Object.values(this.definition.devices))
      if (type === 'proxy' && bind === 'host' && listen?.startsWith('unix:') === true)
        writeFileSync(listen.slice('unix:'.length), '');
  }

  /** As the API shows it. */
  describe(profiles: ReadonlyMap<string, FakeProfile>): object {
    const used = this.definition.profiles.flatMap((name) => profiles.get(name) ?? []);
    const config = [...used.map((profile) => profile.config), this.definition.config];
    const devices = [...used.map((profile) => profile.devices), this.definition.devices];
    return {
      ...this.definition,
      name: this.name,
      project: this.project,
      type: this.type,
      status: this.running ? 'Running' : 'Stopped',
      status_code: this.running ? 103 : 102,
      created_at: '2026-01-01T00:00:00Z',
      last_used_at: '1970-01-01T00:00:00Z',
      location: 'none',
      expanded_config: Object.fromEntries(config.flatMap(Object.entries)),
      expanded_devices: Object.fromEntries(devices.flatMap(Object.entries)),
    };
  }
}
