/** A process that owns something that may outlive it. */
export interface ProcessOwner {
  readonly pid: number;
  /** Name of its machine. */
  readonly host: string;
  /** Changes with every boot of the machine; null where the kernel does not tell. */
  readonly bootId: string | null;
  /** When the process started, in the kernel's ticks since the boot: tells it from a later one with its id. */
  readonly startTicks?: string | null;
}
