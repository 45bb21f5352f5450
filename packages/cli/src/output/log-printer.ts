import { createOutputLines } from '@pikaci/report';
import type { Session } from '../session.js';

/** Prints logs to standard output, waiting for a slow reader. */
export interface LogPrinter {
  heading(title: string): Promise<void>;
  bytes(chunk: Uint8Array): Promise<void>;
  /** The end of one log. */
  end(): Promise<void>;
}

const lineFeed = 0x0a;

/** Raw bytes where nobody obeys them; safe lines on a terminal and in the log of a CI service. */
export function createLogPrinter(session: Session): LogPrinter {
  const { stdout } = session.io;
  // An error means that nobody reads any more; then the rest is written to nowhere.
  const write = (chunk: string | Uint8Array) =>
    new Promise<void>((resolve) => {
      stdout.write(chunk, () => resolve());
    });
  let atLineStart = true;
  const heading = (title: string) =>
    write(`${atLineStart ? '' : '\n'}${session.style.bold(`== ${title} ==`)}\n`);
  const { env, stdoutIsTerminal } = session.io;
  if (!stdoutIsTerminal && !isCiService(env)) {
    const bytes = (chunk: Uint8Array) => {
      atLineStart = chunk.at(-1) === lineFeed;
      return write(chunk);
    };
    return { heading, bytes, end: () => Promise.resolve() };
  }
  const safe: string[] = [];
  const lines = createOutputLines({ color: session.color, onLine: (line) => safe.push(line) });
  const flush = async () => {
    if (safe.length > 0) await write(`${safe.splice(0).join('\n')}\n`);
  };
  return {
    heading,
    bytes: (chunk) => {
      lines.push(chunk);
      return flush();
    },
    end: () => {
      lines.end();
      return flush();
    },
  };
}

/** GitHub Actions and Azure Pipelines take lines of standard output for commands. */
function isCiService(env: Session['io']['env']): boolean {
  return [env['GITHUB_ACTIONS'], env['TF_BUILD']].some((value) => (value ?? '') !== '');
}
