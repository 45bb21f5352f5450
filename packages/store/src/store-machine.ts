import { systemClock, type Clock } from '@pikaci/model';
import { systemRepeat, type Repeat } from './heartbeat.js';
import { systemAppendBytes, type AppendBytes } from './log-file.js';
import { currentOwner, type OwnerIdentity } from './owner.js';
import { systemReplaceOperations, type ReplaceOperations } from './replace-file.js';

/** What a run store uses of the machine. Tests replace parts of it. */
export interface StoreMachine {
  readonly clock: Clock;
  /** Goes into running records. */
  readonly owner: OwnerIdentity;
  readonly repeat: Repeat;
  readonly replaceOperations: ReplaceOperations;
  readonly appendBytes: AppendBytes;
}

/** The machine itself, with the parts that are given in place of its own. */
export function storeMachine(parts: Partial<StoreMachine>): StoreMachine {
  return {
    clock: parts.clock ?? systemClock,
    owner: parts.owner ?? currentOwner(),
    repeat: parts.repeat ?? systemRepeat,
    replaceOperations: parts.replaceOperations ?? systemReplaceOperations,
    appendBytes: parts.appendBytes ?? systemAppendBytes,
  };
}
