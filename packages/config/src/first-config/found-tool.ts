import type { PikaciConfigInput } from '@pikaci/model';
import type { ProjectFiles } from './project-files.js';

type JobInput = PikaciConfigInput['jobs'][string];
type PayloadInput = NonNullable<PikaciConfigInput['payloads']>[string];
type TargetInput = NonNullable<PikaciConfigInput['targets']>[string];

/** A job that a project's files suggest. */
export interface FoundJob {
  /** Its id, unless another tool has a job of that name. */
  readonly name: string;
  readonly config: JobInput;
  /** Comments by key of the job. */
  readonly comments?: Readonly<Record<string, string>>;
}

/** A payload that jobs of a project need. */
export interface FoundPayload {
  readonly id: string;
  readonly config: PayloadInput;
  /** Comments by key of the payload. */
  readonly comments: Readonly<Record<string, string>>;
}

/** A target that a tool is good for, beside the one that has all jobs. */
export interface FoundTarget {
  readonly id: string;
  readonly config: TargetInput;
  /** What it is for, and how it is run. */
  readonly comment: string;
}

/** A tool that a project is tested with. */
export interface FoundTool {
  /** Comes before the names of its jobs where other tools have jobs of these names. */
  readonly id: string;
  /** The files that it was found by. */
  readonly files: readonly string[];
  readonly jobs: readonly FoundJob[];
  readonly payloads: readonly FoundPayload[];
  readonly targets?: readonly FoundTarget[];
  /** What the user should know, a sentence each, without a full stop. */
  readonly notes: readonly string[];
}

/** Looks for a tool: a pure function of the files. None found gives an empty list. */
export type FindTools = (files: ProjectFiles) => readonly FoundTool[];
