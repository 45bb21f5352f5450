import { join } from 'node:path';
import { logIndexPath, LogPieces, type OutputStream } from '@pikaci/model';
import type { Aftermath } from '../aftermath.test.helper.js';
import { readBytes, text } from '../disk.test.helper.js';
import { keptFiles, naturalEnd, printedBy } from '../job-kinds.test.helper.js';
import { splitStreams } from '../job-output.test.helper.js';
import { recordedJobs, type RecordedJob } from '../recorded-runs.test.helper.js';

/** What is wrong with the output of jobs that ended by themselves, and how many bytes that is. */
export interface LostOutput {
  readonly problems: readonly string[];
  readonly lostBytes: number;
}

/** The log of a job that ended by itself holds what it printed, byte for byte, and its artifacts what it wrote. */
export function lostOutput(world: Aftermath): LostOutput {
  const found = recordedJobs(world).filter(endedByItself).flatMap(lossesOf);
  return {
    problems: found.map(({ what }) => what),
    lostBytes: found.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function endedByItself({ planned, record }: RecordedJob): boolean {
  const natural = naturalEnd(planned);
  const ended = record['status'] === natural.status;
  return ended && text(record['failure_kind']) === (natural.failureKind ?? '');
}

interface Loss {
  readonly what: string;
  readonly bytes: number;
}

function lossesOf({ run, planned, dir }: RecordedJob): readonly Loss[] {
  const name = `run ${run.id}: job ${planned.id}`;
  const files =
    planned.kind !== 'keeps'
      ? []
      : Object.entries(keptFiles).flatMap(([path, wanted]) =>
          lossOf(`${name}: its artifact ${path}`, wanted, readBytes(join(dir, 'artifacts', path))),
        );
  const printed = naturalEnd(planned).failureKind === 'infrastructure' ? null : printedBy(planned);
  if (printed === null) return files;
  const path = join(dir, 'artifacts', 'guest.log');
  const log = splitStreams(readBytes(path));
  const told = toldStreams(path);
  return [
    ...files,
    ...lossOf(`${name}: its stdout`, printed.stdout, log.stdout),
    ...lossOf(`${name}: its stderr`, printed.stderr, log.stderr),
    ...lossOf(`${name}: its stdout, as the index tells it`, printed.stdout, told('stdout')),
    ...lossOf(`${name}: its stderr, as the index tells it`, printed.stderr, told('stderr')),
  ];
}

/** The bytes of each stream in a log, as its index tells them. */
function toldStreams(path: string): (stream: OutputStream) => Buffer {
  const log = readBytes(path);
  const pieces = new LogPieces();
  pieces.push(readBytes(logIndexPath(path)).toString('latin1'));
  const all = pieces.within(0, log.length);
  return (wanted) =>
    Buffer.concat(
      all
        .filter(({ stream }) => stream === wanted)
        .map(({ start, end }) => log.subarray(start, end)),
    );
}

function lossOf(what: string, wanted: Buffer, found: Buffer): readonly Loss[] {
  if (wanted.equals(found)) return [];
  const shared = wanted.findIndex((byte, index) => byte !== found[index]);
  const same = shared === -1 ? wanted.length : shared;
  const how = `${found.length} bytes, not the ${wanted.length} that were printed`;
  return [
    { what: `${what} holds ${how}; they differ from byte ${same}`, bytes: wanted.length - same },
  ];
}
