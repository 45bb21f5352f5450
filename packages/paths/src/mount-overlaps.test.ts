import { describe, expect, it } from 'vitest';
import { mountOverlaps, type NamedMount } from './mount-overlaps.js';

const guest = (name: string, guestPath: string): NamedMount => ({
  payloadId: 'p',
  name,
  guestPath,
  workspacePath: null,
});
const inTree = (name: string, workspacePath: string): NamedMount => ({
  payloadId: 'p',
  name,
  guestPath: null,
  workspacePath,
});

describe('mountOverlaps', () => {
  it('has nothing against mounts side by side', () => {
    const mounts = [
      guest('a', '/opt/a'),
      guest('b', '/opt/ab'),
      inTree('c', 'x'),
      inTree('d', 'xy'),
    ];
    expect(mountOverlaps(mounts)).toEqual([]);
  });

  it.each([
    [guest('a', '/opt/a'), guest('b', '/opt/a'), 'share the guest path /opt/a'],
    [guest('a', '/opt/a'), guest('b', '/opt/a/b'), 'have nested guest paths, /opt/a and /opt/a/b'],
    [guest('a', '/opt/a/b'), guest('b', '/opt/a'), 'have nested guest paths, /opt/a/b and /opt/a'],
    [inTree('a', 'x'), inTree('b', 'x'), 'share the workspace path x'],
    [inTree('a', 'x'), inTree('b', 'x/y'), 'have nested workspace paths, x and x/y'],
  ])('names both mounts when they collide', (one, other, problem) => {
    expect(mountOverlaps([one, other]).map((conflict) => conflict.message)).toEqual([
      `The mount "a" of payload "p" and the mount "b" of payload "p" ${problem}`,
    ]);
  });

  it.each(['/proc', '/proc/1', '/sys/fs', '/dev/shm'])('refuses the system path %s', (path) => {
    expect(mountOverlaps([guest('a', path)])[0]?.message).toContain('belongs to the system');
  });

  it.each([
    '/run/pika-cloud',
    '/run/pika-cloud/logs',
    '/run',
    '/workspace',
    '/workspace/snapshot/src',
    '/workspace/work',
    '/pikaci/payloads/x',
    '/var/lib/pikaci',
  ])('refuses %s, which pikaci needs itself', (path) => {
    expect(mountOverlaps([guest('a', path)])[0]?.message).toContain('which pikaci uses itself');
  });
});
