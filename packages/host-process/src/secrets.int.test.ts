import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { JobExecution, Masker } from '@pikaci/model';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJobRig, type JobRig } from './job-rig.test.helper.js';

const token = 'tok"en/with+all & more';
const key = 'first line of the key\nsecond line of the key\n';
const all = [token, key, 'first line of the key', 'second line of the key'];

/** As strict as the real one, for these texts: this package may not import another adapter. */
const masker: Masker = {
  isEmpty: false,
  stream: () => {
    const chunks: Uint8Array[] = [];
    const text = (bytes: readonly Uint8Array[]) => Buffer.concat(bytes).toString('latin1');
    return {
      write: (chunk) => {
        chunks.push(Uint8Array.from(chunk));
        return new Uint8Array();
      },
      end: () =>
        Buffer.from(
          all.reduce((left, secret) => left.replaceAll(secret, '***'), text(chunks)),
          'latin1',
        ),
    };
  },
  text: (text) => text,
};

const secrets: JobExecution['secrets'] = [
  { secret: 'TOKEN', as: 'env', name: 'API_TOKEN', value: token },
  { secret: 'KEY', as: 'file', name: 'KEY_FILE', value: key },
];

describe.each(['auto', 'never'] as const)('a job with secrets, namespaces: %s', (namespaces) => {
  let rig: JobRig;
  beforeEach(() => {
    rig = createJobRig({ namespaces });
  });
  afterEach(() => rig.remove());

  it('has them in a variable and in a file of its own, which is gone afterwards', async () => {
    const outcome = await rig.run(
      'printf %s "$API_TOKEN" | wc -c; wc -c < "$KEY_FILE"; stat -c %a "$KEY_FILE" "$(dirname "$KEY_FILE")"; stat -f -c %T "$KEY_FILE"; echo "$KEY_FILE"',
      { secrets },
    );
    expect(outcome).toMatchObject({ verdict: 'passed', notes: [] });
    const [length, bytes, mode, dirMode, fileSystem, path = ''] = rig.output.stdout
      .toString()
      .split('\n');
    expect([length, bytes, mode, dirMode]).toEqual([
      String(token.length),
      String(key.length),
      '400',
      '700',
    ]);
    if (existsSync('/dev/shm')) expect(fileSystem).toBe('tmpfs');
    expect(path).toMatch(/KEY_FILE$/);
    expect(existsSync(path)).toBe(false);
    expect(existsSync(join(path, '..'))).toBe(false);
  });

  it('prints them, and they are in no file of its directory and in nothing that is passed on', async () => {
    const half = `printf '%s' "\${API_TOKEN%?????}"; printf '%s\\n' "\${API_TOKEN#?????????????????}"`;
    const outcome = await rig.run(
      `echo "$API_TOKEN"; ${half}; cat "$KEY_FILE" >&2; sed 's/^/  /' "$KEY_FILE"; exit 3`,
      { secrets, masker },
    );
    expect(outcome).toMatchObject({ verdict: 'failed', exitCode: 3 });
    expect(rig.output.stdout.toString()).toContain('***\n');
    const passedOn = [rig.output.stdout, rig.output.stderr, Buffer.from(rig.log.join('\n'))];
    const written = filesBelow(rig.root).map((path) => readFileSync(path));
    expect(written.length).toBeGreaterThan(3);
    for (const secret of all) {
      for (const bytes of [...passedOn, ...written]) expect(bytes.includes(secret)).toBe(false);
    }
  });

  it('keeps the head and the tail of its output when that is more than its limit', async () => {
    const outcome = await rig.run('echo begin; head -c 300000 /dev/zero; echo; echo end', {
      logLimitBytes: 1024,
    });
    expect(outcome.notes).toEqual([
      '298987 of 300011 bytes of output are not in the log: its limit is 1KiB',
    ]);
    const log = readFileSync(join(rig.artifactsDir, 'guest.log'), 'latin1');
    expect(log).toMatch(/^begin\n/);
    expect(log).toContain('298987 bytes left out here');
    expect(log.endsWith('\nend\n')).toBe(true);
    expect(rig.output.stdout.length).toBe(300_011);
  });
});

function filesBelow(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(dir, name))
    .filter((path) => statSync(path).isFile());
}
