import { describe, expect, it } from 'vitest';
import { checked, payloadWith } from './checked.test.helper.js';
import { checkDeviceNames } from './device-names.js';
import { checkMountNames } from './mount-names.js';
import { checkMountOverlaps } from './mount-overlaps.js';
import { checkMountPaths } from './mount-paths.js';

const run = 'x';

it('wants mounts of a payload to have names of their own', () => {
  const mounts = [
    { name: 'a', guestPath: '/a' },
    { name: 'b', guestPath: '/b' },
    { name: 'a', guestPath: '/c' },
  ];
  expect(checked(checkMountNames, { payloads: { p: payloadWith(mounts) } })).toEqual([
    'payloads.p.mounts[2].name: two mounts of payload `p` have the name `a`',
  ]);
});

describe('the paths of a mount', () => {
  it.each(['/', 'opt', '/opt/', '/opt/../etc', '/opt//x'])(
    'cannot be the guest path %j',
    (guestPath) => {
      const issues = checked(checkMountPaths, {
        payloads: { p: payloadWith([{ name: 'a', guestPath }]) },
      });
      expect(issues).toHaveLength(1);
      expect(issues[0]).toContain(`payloads.p.mounts[0].guestPath: ${JSON.stringify(guestPath)} `);
    },
  );

  it.each([
    '/proc',
    '/sys/fs',
    '/dev/shm',
    '/run/pika-cloud',
    '/run',
    '/workspace',
    '/workspace/snapshot',
    '/workspace/work/a',
    '/pikaci/a',
  ])('cannot be the reserved guest path %s', (guestPath) => {
    const payloads = { p: payloadWith([{ name: 'a', guestPath }]) };
    expect(checked(checkMountPaths, { payloads })).toHaveLength(1);
  });

  it.each(['.', '/abs', '../out', 'a/../..', 'a/'])(
    'cannot be the workspace path %s',
    (workspacePath) => {
      const payloads = { p: payloadWith([{ name: 'a', workspacePath }]) };
      expect(checked(checkMountPaths, { payloads })).toHaveLength(1);
    },
  );

  it('stay in the payload', () => {
    const mount = { name: 'a', guestPath: '/opt/a', path: '../b', addToPath: ['bin', '/usr/bin'] };
    expect(checked(checkMountPaths, { payloads: { p: payloadWith([mount]) } })).toEqual([
      'payloads.p.mounts[0].path: payloads.p.mounts[0].path: "../b" leads out with ".."',
      'payloads.p.mounts[0].addToPath[1]: payloads.p.mounts[0].addToPath[1]: "/usr/bin" is absolute',
    ]);
  });

  it('may be anything else', () => {
    const mounts = [
      { name: 'a', path: '.', guestPath: '/opt/node' },
      { name: 'b', path: 'lib/x', workspacePath: 'packages/a/node_modules' },
      { name: 'c', guestPath: '/running' },
    ];
    expect(checked(checkMountPaths, { payloads: { p: payloadWith(mounts) } })).toEqual([]);
  });
});

describe('mounts of one job', () => {
  const at = (guestPath: string) => payloadWith([{ name: 'm', guestPath }]);

  it('are not at one place, nor one inside the other', () => {
    const payloads = { a: at('/opt/x'), b: at('/opt/x'), c: at('/opt/x/y') };
    const jobs = { one: { run, payloads: ['a', 'b'] }, two: { run, payloads: ['c', 'a'] } };
    expect(checked(checkMountOverlaps, { payloads, jobs })).toEqual([
      'payloads.b.mounts[0].guestPath: the mount "m" of payload "a" and the mount "m" of payload "b" share the guest path /opt/x',
      'payloads.a.mounts[0].guestPath: the mount "m" of payload "c" and the mount "m" of payload "a" have nested guest paths, /opt/x/y and /opt/x',
    ]);
  });

  it('may be at one place when the jobs or the runtimes differ', () => {
    const payloads = { a: at('/opt/x'), b: at('/opt/x') };
    const jobs = {
      one: { run, payloads: ['a'] },
      two: { run, payloads: ['b'] },
      both: {
        run,
        payloads: [
          { payload: 'a', runtime: 'process' as const },
          { payload: 'b', runtime: 'incus' as const },
        ],
      },
    };
    expect(checked(checkMountOverlaps, { payloads, jobs })).toEqual([]);
  });

  it('are told of once, however many jobs have them', () => {
    const workspacePath = 'node_modules';
    const payloads = {
      a: payloadWith([{ name: 'm', workspacePath }]),
      b: payloadWith([{ name: 'n', workspacePath: `${workspacePath}/b` }]),
    };
    const jobs = { one: { run, payloads: ['a', 'b'] }, two: { run, payloads: ['a', 'b'] } };
    expect(checked(checkMountOverlaps, { payloads, jobs })).toHaveLength(1);
  });

  it('are told of also when no job has the payload yet', () => {
    const mounts = [
      { name: 'm', guestPath: '/opt' },
      { name: 'n', guestPath: '/opt/n' },
    ];
    expect(checked(checkMountOverlaps, { payloads: { a: payloadWith(mounts) } })).toHaveLength(1);
  });

  it('have device names of their own', () => {
    const payloads = {
      'a-b': payloadWith([{ name: 'c', guestPath: '/c' }]),
      a: payloadWith([{ name: 'b-c', guestPath: '/d' }]),
    };
    const jobs = { one: { run, payloads: ['a-b', 'a'] } };
    expect(checked(checkDeviceNames, { payloads, jobs })).toEqual([
      'payloads.a.mounts[0].name: the mounts `c` of payload `a-b` and `b-c` of payload `a` have the same device name `pk-a-b-c`',
    ]);
    expect(checked(checkDeviceNames, { payloads })).toEqual([]);
  });
});
