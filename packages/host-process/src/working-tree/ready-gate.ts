import { open, type FileHandle } from 'node:fs/promises';
import { PassThrough, type Readable } from 'node:stream';
import type { ChunkConsumer } from '@pikaci/host';

/** The first line on standard output, printed when the working tree stands. The job has not been started then. */
export const readyLine = 'pikaci-ready\n';

/** Most that is kept of what the setup printed on standard error. It is one line, normally. */
const maxSetupBytes = 16 * 1024;

/** What is behind the gate. */
export interface GatedJob {
  readonly onStarted: (pid: number) => void;
  readonly onStdout: ChunkConsumer;
  readonly onStderr: ChunkConsumer;
}

/**
 * Stands between a command in a namespace and the consumers of its output. When the working tree stands, the gate
 * opens that tree's directory and then lets the job start. The open directory keeps the tree alive when all processes
 * of the namespace are gone, so that artifacts can be collected from it after any end, also after SIGKILL.
 */
export class ReadyGate {
  readonly stdin: Readable;
  readonly #go = new PassThrough();
  readonly #job: GatedJob;
  #pid = 0;
  #ready = false;
  #stdout = Buffer.alloc(0);
  #setupErrors = Buffer.alloc(0);
  #tree: FileHandle | null = null;

  constructor(job: GatedJob) {
    this.#job = job;
    this.stdin = this.#go;
  }

  /** True when the job was let start. */
  get ready(): boolean {
    return this.#ready;
  }

  /** What the setup said when it did not succeed. */
  get setupMessage(): string {
    return this.#setupErrors.toString('utf8').trim();
  }

  /** The working tree's directory; null when it could not be opened. */
  get tree(): FileHandle | null {
    return this.#tree;
  }

  readonly observeSpawn = (pid: number): void => {
    this.#pid = pid;
  };

  readonly onStdout = async (chunk: Uint8Array): Promise<void> => {
    if (this.#ready) return this.#job.onStdout(chunk);
    this.#stdout = Buffer.concat([this.#stdout, chunk]);
    if (!this.#stdout.toString('latin1').startsWith(readyLine)) return;
    const rest = this.#stdout.subarray(readyLine.length);
    await this.#start();
    if (rest.length > 0) await this.#job.onStdout(rest);
  };

  readonly onStderr = (chunk: Uint8Array): void | Promise<void> => {
    if (this.#ready) return this.#job.onStderr(chunk);
    const kept = Buffer.concat([this.#setupErrors, chunk]);
    this.#setupErrors = kept.subarray(0, maxSetupBytes);
  };

  async #start(): Promise<void> {
    this.#tree = await open(`/proc/${this.#pid}/cwd`, 'r').catch(() => null);
    this.#ready = true;
    this.#job.onStarted(this.#pid);
    // Warnings of the setup's programs belong to nobody else; the job's own output comes after them.
    if (this.#setupErrors.length > 0) await this.#job.onStderr(this.#setupErrors);
    this.#go.end('\n');
  }
}
