import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { jobLayout, runLayout } from '@pikaci/paths';
import { treeState } from '@pikaci/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { extractArtifacts, type Extraction } from './extract-artifacts.js';
import { listArtifacts, type ListedArtifacts } from './list-artifacts.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pikaci-artifacts-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const directoryOf = (job: string) => jobLayout(runLayout(root, 'r'), job).artifactsDir;

function put(job: string, path: string, text = path): void {
  const file = join(directoryOf(job), path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

async function list(...jobs: readonly string[]): Promise<ListedArtifacts> {
  const listed = await listArtifacts(root, 'r', jobs);
  if (!listed.ok) throw new Error(listed.error.message);
  return listed.value;
}

describe('listArtifacts', () => {
  it('finds all files but those of pikaci itself, by job and path', async () => {
    for (const path of [
      'guest.log',
      'guest.log.index',
      'result.json',
      'z.txt',
      'a/b.txt',
      'a/guest.log',
    ]) {
      put('unit', path);
    }
    put('e2e', 'x');
    const { artifacts } = await list('unit', 'e2e', 'never-ran');
    expect(artifacts.map(({ job, path, sizeBytes }) => [job, path, sizeBytes])).toEqual([
      ['unit', 'a/b.txt', 7],
      ['unit', 'a/guest.log', 11],
      ['unit', 'z.txt', 5],
      ['e2e', 'x', 1],
    ]);
  });

  it('follows no link, and says what it leaves out', async () => {
    put('unit', 'x');
    symlinkSync('/etc', join(directoryOf('unit'), 'etc'));
    symlinkSync('x', join(directoryOf('unit'), 'y'));
    writeFileSync(Buffer.concat([Buffer.from(`${directoryOf('unit')}/`), Buffer.from([0xff])]), '');
    const { artifacts, leftOut } = await list('unit');
    expect(artifacts.map(({ path }) => path)).toEqual(['x']);
    expect(leftOut.map(({ path, reason }) => [path, reason])).toEqual([
      ['etc', 'it is a link'],
      ['y', 'it is a link'],
      ['\ufffd', 'its name is no UTF-8'],
    ]);
  });

  it('leaves the state root neither by a link nor by an id', async () => {
    put('unit', 'x');
    mkdirSync(dirname(directoryOf('linked')), { recursive: true });
    symlinkSync(directoryOf('unit'), directoryOf('linked'));
    symlinkSync(dirname(directoryOf('unit')), dirname(directoryOf('linked-job')));
    expect(await list('linked', 'linked-job', '../jobs/unit')).toEqual({
      artifacts: [],
      leftOut: [],
    });
  });
});

describe('extractArtifacts', () => {
  const dir = () => join(root, 'out');
  const extract = async (different: Partial<Extraction> = {}) => {
    const { artifacts } = await list('unit', 'e2e');
    return extractArtifacts({ artifacts, dir: dir(), force: false, ...different });
  };
  beforeEach(() => {
    put('unit', 'a/b.txt', 'one');
    put('unit', 'c.txt', 'two');
    put('e2e', 'c.txt', 'three');
  });

  it('puts each file in the directory of its job, and leaves nothing else', async () => {
    const { copied, failure } = await extract();
    expect(failure).toBeNull();
    const places = ['unit/a/b.txt', 'unit/c.txt', 'e2e/c.txt'].map((path) => join(dir(), path));
    expect(copied).toEqual(places);
    expect(places.map((path) => readFileSync(path, 'utf8'))).toEqual(['one', 'two', 'three']);
    expect(readdirSync(dir()).sort()).toEqual(['e2e', 'unit']);
  });

  it('changes nothing where a file is there already, and names it', async () => {
    mkdirSync(join(dir(), 'e2e'), { recursive: true });
    writeFileSync(join(dir(), 'e2e/c.txt'), 'mine');
    const before = treeState(dir());
    const { copied, failure } = await extract();
    expect(copied).toEqual([]);
    expect(failure?.message).toContain(join(dir(), 'e2e/c.txt'));
    expect(treeState(dir())).toEqual(before);
    expect((await extract({ force: true })).failure).toBeNull();
    expect(readFileSync(join(dir(), 'e2e/c.txt'), 'utf8')).toBe('three');
  });

  it.each(['link', 'file'])(
    'does not go through a %s in the way, also with force',
    async (what) => {
      mkdirSync(join(root, 'elsewhere'));
      mkdirSync(join(dir(), 'unit'), { recursive: true });
      if (what === 'link') symlinkSync(join(root, 'elsewhere'), join(dir(), 'unit/a'));
      else writeFileSync(join(dir(), 'unit/a'), '');
      const { copied, failure } = await extract({ force: true });
      expect(copied).toEqual([]);
      expect(failure?.message).toBe(`${join(dir(), 'unit/a')} is in the way`);
      expect(readdirSync(join(root, 'elsewhere'))).toEqual([]);
      expect(existsSync(join(dir(), 'e2e'))).toBe(false);
    },
  );

  it('replaces a link with force, and not what it leads to', async () => {
    mkdirSync(join(dir(), 'unit'), { recursive: true });
    writeFileSync(join(root, 'precious'), 'mine');
    symlinkSync(join(root, 'precious'), join(dir(), 'unit/c.txt'));
    expect((await extract({ force: true })).failure).toBeNull();
    expect(readFileSync(join(root, 'precious'), 'utf8')).toBe('mine');
    expect(readFileSync(join(dir(), 'unit/c.txt'), 'utf8')).toBe('two');
  });

  it('changes nothing when one cannot be copied', async () => {
    const { artifacts } = await list('unit', 'e2e');
    rmSync(join(directoryOf('e2e'), 'c.txt'));
    const { copied, failure } = await extract({ artifacts });
    expect(copied).toEqual([]);
    expect(failure?.message).toContain('could not be copied');
    expect(existsSync(dir())).toBe(false);
  });

  it('says what was copied when something comes between, and never replaces that', async () => {
    const { copied, failure } = await extract({
      onPlaced: (target) => {
        if (target.endsWith('b.txt')) writeFileSync(join(dir(), 'unit/c.txt'), 'mine');
      },
    });
    expect(copied).toEqual([join(dir(), 'unit/a/b.txt')]);
    expect(failure?.message).toBe(`${join(dir(), 'unit/c.txt')} cannot be written`);
    expect(readFileSync(join(dir(), 'unit/c.txt'), 'utf8')).toBe('mine');
    expect(readdirSync(dir())).toEqual(['unit']);
  });
});
