import type { Session } from '../session.js';
import type { LogFile } from './log-files.js';
import type { LogPart } from './recorded-log.js';
import type { LogView } from './log-view.js';

/** Collects what could not be shown, or has no time, so that it is said once at the end. */
export class LogNotes {
  readonly #view: LogView;
  readonly #untimed = new Set<string>();
  readonly #unknown = new Map<string, number>();
  readonly #withMark = new Set<string>();

  constructor(view: LogView) {
    this.#view = view;
  }

  /** Notes a part of a log. True when it is to be shown. */
  isShown({ title }: LogFile, { source, bytes, atMs }: LogPart): boolean {
    const { stream, timestamps } = this.#view;
    const isShown = stream === null || source === stream || source === 'host';
    if (!isShown && source === 'mark') this.#withMark.add(title);
    if (!isShown && source === 'unknown') this.#addUnknown(title, bytes.length);
    if (isShown && timestamps && atMs === null && source !== 'mark') this.#untimed.add(title);
    return isShown;
  }

  /** Says it on standard error. */
  tell({ io }: Session): void {
    for (const title of this.#withMark) {
      io.stderr.write(`${title}: bytes are left out of the log, as it went over its limit\n`);
    }
    for (const [title, bytes] of this.#unknown) {
      io.stderr.write(
        `${title}: ${bytes} bytes are not shown, as nothing tells their stream; --kind guest shows them\n`,
      );
    }
    if (this.#untimed.size > 0) {
      io.stderr.write(
        `- stands for times that were not recorded: of ${[...this.#untimed].join(', ')}\n`,
      );
    }
  }

  #addUnknown(title: string, bytes: number): void {
    this.#unknown.set(title, (this.#unknown.get(title) ?? 0) + bytes);
  }
}
