import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { sessionFunctions } from './session-functions.js';

it.runIf(process.platform === 'linux')(
  'the supervisor finds what its own command started, also in another session, and nothing of other supervisors',
  async () => {
    const stray = spawn('sh', ['-c', 'echo; exec sleep 3600'], {
      env: { PATH: process.env['PATH'], PIKACI_SUPERVISED: 'another' },
    });
    await once(stray.stdout, 'data');
    const script = `${sessionFunctions}
      coproc=$(PIKACI_SUPERVISED=$mark setsid sh -c 'sleep 3600 >/dev/null 2>&1 & echo $!')
      find_remaining
      echo "$coproc:$pids"
      kill "$coproc"`;
    const ran = spawnSync('setsid', ['--wait', 'sh', '-c', script], { encoding: 'utf8' });
    const [own = '', found = ''] = ran.stdout.trim().split(':');
    expect(found.split(' ')).toContain(own);
    expect(found.split(' ')).not.toContain(String(stray.pid));
    stray.kill('SIGKILL');
  },
);
