import {
  payloadManifestSchema,
  type BuildCommand,
  type BuildEnd,
  type Outcome,
  type PreparedPayload,
} from '@pikaci/model';
import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { NamespaceLauncher } from '../namespace/launcher.js';
import {
  createProcessBuildRuntime,
  type ProcessBuildRuntimeOptions,
} from './process-build-runtime.js';
import { runBuild } from './run-build.js';

/** A state root with a store and the directories of one build, without a payload store. */
export interface BuildRig {
  readonly root: string;
  readonly stateRoot: string;
  readonly workDir: string;
  readonly outputDir: string;
  /** The runtime's own lines. */
  readonly log: string[];
  /** All that the build printed. */
  printed(): string;
  /** Writes an input of the build. */
  input(path: string, content: string): void;
  /** A payload of the store. */
  dependency(
    id: string,
    files: Readonly<Record<string, string>>,
    mounts: readonly Readonly<Record<string, unknown>>[],
  ): PreparedPayload;
  run(command: string, changes?: Partial<BuildCommand>): Promise<Outcome<BuildEnd>>;
  /** A file of PIKACI_OUTPUT. */
  output(path: string): string;
  remove(): void;
}

/** Whose build it is, when it is not that of this process. */
export interface RigUser {
  readonly uid: number;
  readonly launcher: NamespaceLauncher;
}

export function createBuildRig(
  options: ProcessBuildRuntimeOptions = {},
  user: RigUser | null = null,
): BuildRig {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'pikaci-build-')));
  const stateRoot = join(root, 'state');
  const store = join(stateRoot, 'cache/payloads');
  const workDir = join(store, '.staging/build');
  const outputDir = join(store, '.staging/payload/output');
  for (const dir of [workDir, outputDir]) mkdirSync(dir, { recursive: true });
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { mode: 0o755 });
  };
  const runtime = createProcessBuildRuntime({ stateRoot, graceSeconds: 0.3, ...options });
  const run = (build: BuildCommand): Promise<Outcome<BuildEnd>> => {
    if (user === null) return runtime.run(build);
    for (const path of readdirSync(root, { recursive: true, encoding: 'utf8' }))
      chownSync(join(root, path), user.uid, user.uid);
    chownSync(root, user.uid, user.uid);
    const support = () => Promise.resolve({ available: true as const, launcher: user.launcher });
    const environment = process.env;
    return runBuild({ environment, graceSeconds: 0.3, stateRoot, support }, build);
  };
  const log: string[] = [];
  let printed = '';
  return {
    root,
    stateRoot,
    workDir,
    outputDir,
    log,
    printed: () => printed,
    input: (path, content) => write(join(workDir, path), content),
    dependency: (id, files, mounts) => {
      const storePath = join(store, id, 'output');
      mkdirSync(storePath, { recursive: true });
      for (const [path, content] of Object.entries(files)) write(join(storePath, path), content);
      const parts = mounts.map((mount) => ({ relativePath: '.', ...mount }));
      return {
        payloadId: id,
        devicePrefix: id,
        contentKey: id,
        storePath,
        manifest: payloadManifestSchema.parse({ schemaVersion: 1, kind: 'test', mounts: parts }),
        reused: true,
        sizeBytes: 0,
      };
    },
    run: (command, changes = {}) =>
      run({
        payloadId: 'example',
        run: command,
        workDir,
        outputDir,
        workspaceRoot: join(root, 'workspace'),
        env: {},
        dependencies: [],
        timeoutSeconds: 60,
        signal: new AbortController().signal,
        force: new AbortController().signal,
        onOutput: (chunk) => {
          printed += Buffer.from(chunk).toString();
        },
        onLog: (line) => log.push(line),
        ...changes,
      }),
    output: (path) => readFileSync(join(outputDir, path), 'utf8'),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

export const passed = { ok: true, value: { ending: 'exited', exitCode: 0, signal: null } };
