/** Signs that stand before a line, one column each. */
export interface Symbols {
  readonly passed: string;
  readonly failed: string;
  readonly timedOut: string;
  readonly cancelled: string;
  readonly running: string;
  readonly waiting: string;
  /** One after the other. */
  readonly spinner: readonly string[];
}

/** For terminals of today. */
export const richSymbols: Symbols = {
  passed: '✓',
  failed: '✗',
  timedOut: '⧖',
  cancelled: '■',
  running: '▸',
  waiting: '…',
  spinner: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
};

/** For consoles whose fonts have few signs: those of older Windows, and of Linux without a desktop. */
export const plainSymbols: Symbols = {
  passed: '√',
  failed: '×',
  timedOut: '!',
  cancelled: '■',
  running: '>',
  waiting: '.',
  spinner: ['-', '\\', '|', '/'],
};

/** The signs that a terminal can show, told from its environment. On Windows only the newer ones say who they are. */
export function symbolsFor(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): Symbols {
  if (platform !== 'win32') return env['TERM'] === 'linux' ? plainSymbols : richSymbols;
  const isNew = [env['WT_SESSION'], env['TERM_PROGRAM'], env['TERM']].some(
    (value) => value !== undefined && value !== '',
  );
  return isNew ? richSymbols : plainSymbols;
}
