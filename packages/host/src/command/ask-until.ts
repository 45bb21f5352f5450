/** A question that is asked again and again. */
export interface AskRequest {
  /** Null: it is so. Else why it is not, in a few words. The signal ends a question that takes too long. */
  readonly ask: (signal: AbortSignal) => Promise<string | null>;
  readonly limitMs: number;
  /** Nobody wants to know any more. */
  readonly signal: AbortSignal;
  /** Waits, or less when the signal says so; for tests. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** What came of asking: it is so, it was not so in time, or nobody wanted to know any more. */
export type Answer =
  | { readonly kind: 'yes' }
  | { readonly kind: 'late'; readonly why: string }
  | { readonly kind: 'stopped' };

/** Between two questions, in ms: short at first, since most things are so within a moment. */
const firstPauseMs = 20;
const longestPauseMs = 500;

/** Asks until it is so, with growing pauses, at most for so long. */
export async function askUntil(request: AskRequest): Promise<Answer> {
  const { ask, limitMs, signal, pause = waitFor } = request;
  const late = AbortSignal.timeout(Math.min(limitMs, 2 ** 31 - 1));
  const over = AbortSignal.any([late, signal]);
  let why = 'it was not asked yet';
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const answer = await ask(over);
    if (signal.aborted) return { kind: 'stopped' };
    if (answer === null) return { kind: 'yes' };
    // Of a question that was broken off, the answer is that it was.
    if (late.aborted) return { kind: 'late', why: pauseMs === firstPauseMs ? answer : why };
    why = answer;
    await pause(pauseMs, over);
  }
}

function waitFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}
