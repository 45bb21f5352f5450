import { join } from 'node:path';
import type { CleanUp } from '../machine/clean-up.js';
import { runProgram } from '../machine/run-program.js';

/** A server for benchmarks. */
export interface BenchServerAddress {
  readonly socket: string;
  /** Alias of the image of the instances. */
  readonly image: string;
}

const lab = join(import.meta.dirname, '..', '..', '..', 'incus-lab', 'incus-lab.sh');

/**
 * The private Incus server, started when it does not run; who starts it here stops it at the end, too.
 *
 * @throws Error where there can be no such server
 */
export async function findLab(cleanUp: CleanUp): Promise<BenchServerAddress> {
  const isUp = await runProgram(lab, ['status']).then(
    () => true,
    () => false,
  );
  if (!isUp) {
    cleanUp.add('stop the private Incus', async () => void (await runProgram(lab, ['down'])));
    await runProgram(lab, ['up', 'images']);
  }
  const said = await runProgram(lab, ['env']);
  return {
    socket: setting(said, 'PIKACI_TEST_INCUS_SOCKET'),
    image: setting(said, 'PIKACI_TEST_INCUS_IMAGE'),
  };
}

function setting(said: string, name: string): string {
  const line = said.split('\n').find((one) => one.startsWith(`${name}=`));
  if (line === undefined) throw new Error(`${lab} env says nothing of ${name}`);
  return line.slice(name.length + 1);
}
