/** A mount of a dependency, as a build finds it. */
export interface PlacedMount {
  readonly name: string;
  /** Absolute path. */
  readonly path: string;
  /** Absolute paths of directories for the PATH. */
  readonly pathDirectories: readonly string[];
}

/** A dependency, as a build finds it. */
export interface PlacedDependency {
  readonly payloadId: string;
  readonly storePath: string;
  readonly mounts: readonly PlacedMount[];
}
