import type { RegisterCommand } from '../register-command.js';
import { registerSnapshotDiff } from './snapshot-diff.js';
import { registerSnapshotHash } from './snapshot-hash.js';
import { registerSnapshotShow } from './snapshot-show.js';

/** `snapshot`: what runs were on. */
export const registerSnapshot: RegisterCommand = (program, runAction) => {
  const group = program
    .command('snapshot')
    .description('show and compare snapshots, the copies of the workspace that jobs run on');
  for (const register of [registerSnapshotShow, registerSnapshotDiff, registerSnapshotHash]) {
    register(group, runAction);
  }
};
