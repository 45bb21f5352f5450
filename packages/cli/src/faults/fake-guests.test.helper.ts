import { guestLayout } from '@pikaci/paths';
import {
  hostGuests,
  startFakeIncus,
  type FakeExec,
  type FakeIncus,
  type GuestFiles,
} from '@pikaci/testkit';
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

/** A fake server whose guests run what jobs say. */
export async function startFakeGuests(): Promise<FakeIncus> {
  const fake = await startFakeIncus();
  const { state, work, snapshot, payloads, contract } = guestLayout;
  fake.onExec(
    hostGuests(fake, {
      guestPaths: [state, work, snapshot, payloads, contract],
      scripts: state,
      play: playSetup,
    }),
  );
  return fake;
}

/** Does without mounts what the setup of a working tree does with them: its files appear as links. */
function playSetup(exec: FakeExec): boolean {
  const [, , command = ''] = exec.request.command;
  const script = posix.join(guestLayout.state, 'setup.sh');
  if (!command.includes(script)) return false;
  const { files } = exec.instance;
  for (const line of files.readText(script).split('\n')) playStep(files, wordsOf(line));
  mkdirSync(files.hostPath(posix.join(guestLayout.contract, 'secrets')), { recursive: true });
  exec.exit(0);
  return true;
}

function playStep(files: GuestFiles, [step, ...words]: readonly string[]): void {
  if (step === 'pikaci_overlay') {
    const [snapshot = '', , work = ''] = words.map((path) => files.hostPath(path));
    mkdirSync(work, { recursive: true });
    for (const name of readdirSync(snapshot)) link(join(snapshot, name), join(work, name));
  }
  if (step === 'pikaci_mount_in_tree') {
    const [, source = '', work = '', path = ''] = words;
    link(files.hostPath(source), files.hostPath(posix.join(work, path)));
  }
}

function link(source: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  if (!existsSync(path)) symlinkSync(source, path);
}

/** The words of a shell command that holds neither expansions nor quotes within quotes. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}
