import type { PikaciConfig } from '@pikaci/model';
import type { ConfigPath } from './config-path.js';
import type { SourcePlace } from './source/source-position.js';

/** One thing that is wrong with a configuration. */
export interface ConfigIssue {
  /** What is wrong, in words that name the place. */
  readonly message: string;
  /** The place in the configuration. */
  readonly path: ConfigPath;
  /** Whether the key at that place is at fault, or its value. */
  readonly part: 'key' | 'value';
  /** The place in the file, where it is known better than by the path. */
  readonly position?: SourcePlace;
  /** What to do, where there is more to say than "correct it". */
  readonly hint?: string;
}

/** A rule that the schema cannot express. Pure; gets only configurations that satisfy the schema. */
export type ConfigCheck = (config: PikaciConfig) => readonly ConfigIssue[];
