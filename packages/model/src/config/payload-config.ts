import { z } from 'zod';
import { identifierSchema } from '../identifiers.js';
import { runtimeIdSchema } from './runtime-config.js';

/** Values of environment variables, by name. */
export const environmentSchema = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable'),
  z.string(),
);
export type Environment = z.infer<typeof environmentSchema>;

const mountBase = {
  /** Unique in the payload; becomes part of the device name and of `PIKACI_MOUNT_<NAME>`. */
  name: identifierSchema,
  /** What is mounted, relative to the payload's root. */
  path: z.string().min(1).default('.'),
  readOnly: z.literal(true).default(true),
  /** Directories of this mount, relative to it, that jobs find on their PATH. */
  addToPath: z.array(z.string().min(1)).default([]),
};

/** A mount that configuration declares: at an absolute guest path, or in the working tree. */
export const mountConfigSchema = z
  .strictObject({
    ...mountBase,
    guestPath: z.string().min(1).optional(),
    workspacePath: z.string().min(1).optional(),
  })
  .refine(
    (mount) => (mount.guestPath === undefined) !== (mount.workspacePath === undefined),
    'a mount needs exactly one of guestPath and workspacePath',
  );
export type MountConfig = z.infer<typeof mountConfigSchema>;

/** A program of a payload that jobs call by name: `${payload:<payload id>:entrypoint:<name>}` in a job's command. */
export const entrypointConfigSchema = z.strictObject({
  name: identifierSchema,
  /** Relative to the payload's root, inside one of its mounts. */
  path: z.string().min(1),
});
export type EntrypointConfig = z.infer<typeof entrypointConfigSchema>;

const payloadBase = {
  description: z.string().optional(),
  dependsOn: z.array(identifierSchema).default([]),
  /** First part of the device names of this payload's mounts; the payload's id unless set. */
  devicePrefix: z.string().min(1).optional(),
  /** Where the payload appears in the job's directory; `staged/<payload id>` unless set. */
  stageAt: z.string().min(1).optional(),
  /** Absent when the build writes its own manifest. */
  mounts: z.array(mountConfigSchema).optional(),
  /** Only with `mounts`: a manifest that the build writes declares its own. */
  entrypoints: z.array(entrypointConfigSchema).default([]),
  /** The `kind` that the manifest must have; another one is an error when the payload is prepared. */
  expectKind: z.string().min(1).optional(),
  /** Time limit of the build, in seconds. */
  timeoutSeconds: z.int().positive().default(3600),
};

/** A payload that a command builds from declared inputs. */
export const commandPayloadSchema = z.strictObject({
  kind: z.literal('command'),
  ...payloadBase,
  run: z.string().min(1),
  /** Where the build runs: on this machine, or in an instance of the runtime's image. */
  runtime: runtimeIdSchema.default('process'),
  /** Globs in the snapshot; the build sees nothing else of it. */
  inputs: z.array(z.string().min(1)).default([]),
  env: environmentSchema.default({}),
  /** What of the build directory becomes the payload; without it, what the build put into PIKACI_OUTPUT. */
  output: z.string().min(1).optional(),
});
export type CommandPayloadConfig = z.infer<typeof commandPayloadSchema>;

/** A payload that is a copy of an existing directory. */
export const directoryPayloadSchema = z.strictObject({
  kind: z.literal('directory'),
  ...payloadBase,
  /** Absolute, or relative to the workspace root. */
  source: z.string().min(1),
  /** The directory never changes: its path alone is its identity, and nothing of it is looked at. */
  immutable: z.boolean().default(false),
});
export type DirectoryPayloadConfig = z.infer<typeof directoryPayloadSchema>;

/** A payload that is what an archive holds: a tar, plain or compressed with gzip or zstd. */
export const archivePayloadSchema = z.strictObject({
  kind: z.literal('archive'),
  ...payloadBase,
  /** A path, absolute or relative to the workspace root, or a `file:` URL. */
  source: z.string().min(1),
  /** Digest of the archive's file: it says which archive is meant, wherever it lies. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits in lower case'),
  /** How many directories are taken from the beginning of each name, as with tar. */
  stripComponents: z.int().nonnegative().default(0),
});
export type ArchivePayloadConfig = z.infer<typeof archivePayloadSchema>;

/** A payload that Nix builds, and that is used where Nix keeps it. */
export const nixPayloadSchema = z.strictObject({
  kind: z.literal('nix'),
  ...payloadBase,
  /** What `nix build` is given. One that begins with `.`, `path:.` or `#` is a flake of the snapshot. */
  installable: z.string().min(1),
  /** Lets the evaluation look at the machine and its environment (`--impure`), of which the key knows nothing. */
  impure: z.boolean().default(false),
});
export type NixPayloadConfig = z.infer<typeof nixPayloadSchema>;

export const payloadConfigSchema = z.discriminatedUnion('kind', [
  commandPayloadSchema,
  directoryPayloadSchema,
  archivePayloadSchema,
  nixPayloadSchema,
]);
export type PayloadConfig = z.infer<typeof payloadConfigSchema>;
