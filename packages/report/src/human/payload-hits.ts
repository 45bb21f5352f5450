import type { RunEvent } from '@pikaci/model';
import { formatDuration } from '../text/duration.js';

/** What the payload store spared a run, told from its events. */
export interface PayloadHits {
  apply(event: RunEvent): void;
  /** `payloads: 3 of 4 reused, about 3m 12s of building saved`; none for a run without payloads. */
  lines(): readonly string[];
}

/** Less is not worth a word. In milliseconds. */
const leastSaved = 1000;

/** Counts from nothing. */
export function createPayloadHits(): PayloadHits {
  let payloads = 0;
  let reused = 0;
  let savedMs = 0;
  /** Reused ones of which nobody recorded how long they took. */
  let untimed = 0;

  return {
    apply(event) {
      // Nodes that build nothing do not tell whether it was reused.
      if (event.event !== 'prepare_finished' || event.status === 'skipped') return;
      if (event.reused === null) return;
      payloads += 1;
      if (!event.reused) return;
      reused += 1;
      savedMs += event.buildMs ?? 0;
      if (event.buildMs === null) untimed += 1;
    },
    lines() {
      if (payloads === 0) return [];
      const how = untimed === 0 ? 'about' : 'at least';
      const saved =
        savedMs < leastSaved ? '' : `, ${how} ${formatDuration(savedMs)} of building saved`;
      return [`  payloads: ${reused} of ${payloads} reused${saved}`];
    },
  };
}
