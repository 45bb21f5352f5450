import type { RigOptions } from './job-rig.test.helper.js';
import { launchers, type NamespaceLauncher } from './namespace/launcher.js';

const nobody = 65534;
const programs = { unshare: 'unshare', setpriv: 'setpriv', nsenter: 'nsenter' };

/** The launcher for users without rights, as nobody uses it. */
function nobodyLauncher(): NamespaceLauncher {
  const [launcher] = launchers(programs, false);
  if (launcher === undefined) throw new Error('there is no launcher without rights');
  const setpriv = `setpriv --reuid=${nobody} --regid=${nobody} --clear-groups --`;
  // Who joins a namespace of that user before has become it already.
  const become = ['sh', '-c', `[ "$(id -u)" = 0 ] || exec "$@"; exec ${setpriv} "$@"`, 'sh'];
  return {
    ...launcher,
    enter: [...become, ...launcher.enter],
    enterWithoutNetwork: [...become, ...launcher.enterWithoutNetwork],
    join: (pid, kinds) => [...become, ...launcher.join(pid, kinds)],
  };
}

/** As whom jobs run in tests: each with what a rig needs for it. */
export const namespaceUsers: readonly (readonly [string, RigOptions])[] =
  process.getuid?.() === 0
    ? [
        ['root', {}],
        ['a user without rights', { launcher: nobodyLauncher(), owner: nobody }],
      ]
    : [['a user without rights', {}]];
