import { z } from 'zod';
import { recordCodec } from '../codec.js';

/** Where a run may have instances. */
export const runPlaceSchema = z.object({
  runtime: z.literal('incus'),
  /** Path of the server's unix socket. */
  socket: z.string(),
  project: z.string(),
});
export type RunPlace = z.infer<typeof runPlaceSchema>;

/**
 * `cache/run-leases/<run id>.json`: there from before a run leaves anything outside of its own directory until all of
 * that is gone. When its owner is dead, there is something to sweep.
 */
export const runLeaseRecordSchema = z.object({
  schemaVersion: z.int().default(1),
  runId: z.string(),
  owner: z.object({
    pid: z.int(),
    host: z.string(),
    bootId: z.string().nullable(),
    startTicks: z.string().nullable().default(null),
  }),
  places: z.array(runPlaceSchema).default([]),
  /** Until when something of the run is kept on purpose: before that there is nothing to sweep. */
  keptUntil: z.string().nullable().default(null),
});
export type RunLeaseRecord = z.infer<typeof runLeaseRecordSchema>;

export const runLeaseRecordCodec = recordCodec('run lease', runLeaseRecordSchema);
