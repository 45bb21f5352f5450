import { z } from 'zod';
import { jobConditionSchema } from '../config/job-config.js';
import { runtimeIdSchema } from '../config/runtime-config.js';
import type { DeepReadonly } from '../deep-readonly.js';
import { removalReasonSchema } from '../records/removed-payload-record.js';
import { outputVersion, type OutputValue } from './output.js';
import { keyInputSchema } from './payload-outputs.js';

const keyInputChangeSchema = z.object({
  name: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});
/** An input of a key that is not what it was. Null: there is, or was, no such input. */
export type KeyInputChange = DeepReadonly<z.infer<typeof keyInputChangeSchema>>;

const comparedPayloadSchema = z.object({
  contentKey: z.string(),
  builtAt: z.string(),
  lastUsedAt: z.string(),
  /** When and why it was removed; null when it is in the store. */
  removed: z.object({ at: z.string(), reason: removalReasonSchema }).nullable(),
});
/** A payload that the key of another one is compared with. */
export type ComparedPayload = DeepReadonly<z.infer<typeof comparedPayloadSchema>>;

const payloadExpectationSchema = z.enum(['hit', 'removed', 'vanished', 'changed', 'new']);
/**
 * Why a payload is found in the store or not. `removed`: it was there, with all inputs as they are. `changed`: its
 * inputs differ from the last ones. `vanished`: its output lay outside of the store. `new`: nothing is known of it.
 */
export type PayloadExpectation = z.infer<typeof payloadExpectationSchema>;

const payloadExplanationSchema = z.object({
  payloadId: z.string(),
  contentKey: z.string(),
  expectation: payloadExpectationSchema,
  /** The latest payload of this id; null when none is known. */
  comparedWith: comparedPayloadSchema.nullable(),
  /** In the order of the inputs; null when what went into the other key is not known. */
  changes: z.array(keyInputChangeSchema).nullable(),
  keyInputs: z.array(keyInputSchema),
});
/** What a run would find, and why. */
export type PayloadExplanation = DeepReadonly<z.infer<typeof payloadExplanationSchema>>;

/** Of a payload and those it depends on, which come before it. */
export const payloadExplainOutputSchema = z.object({
  ...outputVersion,
  payloads: z.array(payloadExplanationSchema),
});

/** Why a job is run, or not, and with what. */
export const jobExplanationOutputSchema = z.object({
  ...outputVersion,
  jobId: z.string(),
  isSelected: z.boolean(),
  /** Whole sentences. */
  reasons: z.array(z.string()),
  /** What it needs; `passedIn`: the run whose result is gone by, null when it is run as well. */
  needs: z.array(z.object({ jobId: z.string(), passedIn: z.string().nullable() })),
  /** How that has to end for it to run. */
  when: jobConditionSchema,
  runtime: runtimeIdSchema,
  /** A payload comes after those it depends on. */
  payloads: z.array(payloadExplanationSchema),
});
export type JobExplanation = OutputValue<typeof jobExplanationOutputSchema>;
