export type { FakeRequest } from './answer.js';
export type { ExecHandler, FakeExec, FakeExecRequest, KillReason } from './fake-exec.js';
export { startFakeIncus, type FakeIncus, type FakeIncusOptions } from './fake-incus.js';
export type { FakeDefinition, FakeInstance, FakeProfile } from './fake-instance.js';
export type { Faults, HeldRequest, RequestMatch } from './faults.js';
export type { GuestAttributes, GuestFiles } from './guest-files.js';
export { runOnHost, type RunOnHostOptions } from './run-on-host.js';
export type { FakeImage } from './world.js';
