import { describe, expect, it } from 'vitest';
import { startFailureLines } from './start-failure.js';

describe('the causes of a failed start', () => {
  it('are the messages of the error lines, each once, without those about executed commands', () => {
    const log = [
      'lxc c 20261122233454.758 INFO     conf - ../src/lxc/conf.c:mount_autodev:1227 - Preparing "/dev"',
      'lxc c 20261122233454.759 ERROR    conf - ../src/lxc/conf.c:lxc_setup:4419 - Failed to setup mount entries',
      'lxc c 20261122233454.759 ERROR    attach - ../src/lxc/attach.c:lxc_attach_run_command:1841 - No such file or directory - Failed to exec "x"',
      'lxc 20261122233504.136 ERROR    start - ../src/lxc/start.c:do_start:1272 - Failed to setup container "c"',
      'lxc 20261122233504.137 ERROR    start - ../src/lxc/start.c:do_start:1272 - Failed to setup container "c"',
    ].join('\n');
    expect(startFailureLines(log)).toEqual([
      'Failed to setup mount entries',
      'Failed to setup container "c"',
    ]);
  });

  it('are none in a log without errors', () => {
    expect(startFailureLines('')).toEqual([]);
  });
});
