import { expect, it } from 'vitest';
import { noLabReason } from './no-lab-reason.mjs';

const debian = 'NAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n';

it('lets root on Debian 12 run the tests against a real server', () => {
  expect(noLabReason({ platform: 'linux', uid: 0, release: debian })).toBeNull();
});

it.each([
  [{ platform: 'darwin', uid: 0, release: '' }, 'they need Linux'],
  [{ platform: 'linux', uid: 0, release: 'ID=fedora\n' }, 'they need Debian 12'],
  [{ platform: 'linux', uid: 0, release: 'ID=debian\nVERSION_ID="13"\n' }, 'they need Debian 12'],
  [{ platform: 'linux', uid: 1000, release: debian }, 'they need root'],
])('says what is missing on %j', (machine, reason) => {
  expect(noLabReason(machine)).toBe(reason);
});
