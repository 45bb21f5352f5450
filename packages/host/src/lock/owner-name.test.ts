import { describe, expect, it } from 'vitest';
import { currentOwner, isOwnerAlive } from './owner.js';
import { ownerName, ownerOfName } from './owner-name.js';

describe('the name of an owner', () => {
  it('tells the owner again', async () => {
    const self = await currentOwner();
    expect(ownerOfName(ownerName(self), self)).toEqual(self);
    const unknown = { ...self, bootId: null, startTicks: null };
    expect(ownerOfName(ownerName(unknown), unknown)).toEqual(unknown);
  });

  it('tells owners of earlier boots as dead, and those of other machines as alive', async () => {
    const self = await currentOwner();
    const alive = async (other: object) => {
      const told = ownerOfName(ownerName({ ...self, ...other }), self);
      return told !== null && (await isOwnerAlive(told));
    };
    expect(await alive({})).toBe(true);
    expect(await alive({ bootId: 'before' })).toBe(self.bootId === null);
    expect(await alive({ host: 'elsewhere', bootId: 'theirs', pid: 2 ** 22 })).toBe(true);
  });

  it.each(['', 'x', '1-2-3-4', '12--0123abcd-0123abcd-more'])('is not %j', async (name) => {
    expect(ownerOfName(name, await currentOwner())).toBeNull();
  });
});
