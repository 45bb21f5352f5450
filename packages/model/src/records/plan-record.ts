import { z } from 'zod';
import { recordCodec } from '../codec.js';
import { payloadModeSchema } from '../config/job-config.js';
import { plannedServiceRecordSchema } from './service-record.js';

/**
 * `plan.json`. The tags of the earlier format are kept so that its readers go on working: `nix_build` is the
 * preparation of any payload (`payload` says what it really is), `remote_linux_vm_backend` that of the Incus runtime.
 */
const exposureRecordSchema = z.object({
  kind: z.literal('host_symlink_mount').default('host_symlink_mount'),
  path: z.string(),
  access: z.literal('read_only').default('read_only'),
});

const nodeBase = {
  id: z.string(),
  description: z.string(),
  executor: z.enum(['host_local', 'remote_linux_vm']),
  dependsOn: z.array(z.string()).default([]),
};

const payloadPrepareSchema = z.object({
  type: z.literal('nix_build'),
  installable: z.string(),
  outputName: z.string(),
  residency: z.string().default('local_authoritative'),
  handoff: z
    .object({ protocol: z.string(), exposures: z.array(exposureRecordSchema) })
    .nullable()
    .default(null),
  payload: z
    .object({ id: z.string(), kind: z.string(), devicePrefix: z.string() })
    .nullable()
    .default(null),
});

const runtimePrepareSchema = z.object({
  type: z.literal('remote_linux_vm_backend'),
  backend: z.string(),
});

const executeBase = {
  command: z.string(),
  timeoutSecs: z.int(),
  writableWorkspace: z.boolean(),
};

export const planNodeRecordSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('prepare'),
    ...nodeBase,
    prepare: z.discriminatedUnion('type', [payloadPrepareSchema, runtimePrepareSchema]),
  }),
  z.object({
    kind: z.literal('execute'),
    ...nodeBase,
    execute: z.discriminatedUnion('type', [
      z.object({ type: z.literal('host_command'), ...executeBase }),
      z.object({ type: z.literal('vm_command'), ...executeBase, runAsRoot: z.boolean() }),
    ]),
    runtime: z.string().nullable().default(null),
    placement: z.string().nullable().default(null),
    workspaceMode: z.string().nullable().default(null),
    user: z.string().nullable().default(null),
    env: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
    artifacts: z.array(z.string()).default([]),
    reports: z.object({ junit: z.array(z.string()).default([]) }).default({ junit: [] }),
    /** Absent for a job without any. */
    services: z.array(plannedServiceRecordSchema).optional(),
    stagedPayloadMounts: z
      .array(
        z.object({
          localMountPath: z.string(),
          devicePrefix: z.string(),
          mode: payloadModeSchema.default('read-only'),
        }),
      )
      .default([]),
  }),
]);
export type PlanNodeRecord = z.infer<typeof planNodeRecordSchema>;

export const planRecordSchema = z.object({
  schemaVersion: z.int(),
  /** Null in the output of `pikaci plan`, as is `createdAt`: equal inputs give equal bytes. */
  runId: z.string().nullable(),
  targetId: z.string().nullable().default(null),
  targetDescription: z.string().nullable().default(null),
  createdAt: z.string().nullable(),
  scope: z.string(),
  preconditions: z.array(z.string()).default([]),
  snapshotHash: z.string().nullable().default(null),
  nodes: z.array(planNodeRecordSchema),
});
export type PlanRecord = z.infer<typeof planRecordSchema>;

export const planRecordCodec = recordCodec('plan', planRecordSchema);
