import { describeIncusError, isNotFound, type FilesApi } from '@pikaci/incus-client';
import type { OutputStream } from '@pikaci/model';
import type { CommandEnding } from './command-ending.js';
import { guestFiles } from './guest-files.js';
import type { OutputLog } from './output-log.js';

const streams: readonly OutputStream[] = ['stdout', 'stderr'];

/**
 * Makes the guest log complete: what the stream did not bring is fetched from the guest's files. Where the guest could
 * tell digests and they differ, bytes were lost in the middle, and the log is written anew from the files.
 *
 * @param ending null when the command was ended from outside: then only what is missing at the end can be told
 * @returns notes on what could not be fetched, or was fetched again
 */
export async function reconcileOutput(
  files: Pick<FilesApi, 'stream'>,
  instance: string,
  log: OutputLog,
  ending: CommandEnding | null,
): Promise<readonly string[]> {
  const notes: string[] = [];
  for (const stream of streams) notes.push(...(await fetchRest(files, instance, log, stream)));
  if (notes.length > 0 || ending === null || !differs(log, ending)) return notes;
  log.restart();
  for (const stream of streams) notes.push(...(await fetchRest(files, instance, log, stream)));
  return [
    'Output was lost on the way; the log was written anew from the guest, stdout before stderr.',
    ...notes,
  ];
}

function differs(log: OutputLog, ending: CommandEnding): boolean {
  return streams.some((stream) => {
    const { sizeBytes, sha256 } = ending[stream];
    // More bytes than at the command's end: a process it left behind wrote on, and the digest is of an earlier state.
    return sha256 !== null && log.received(stream) === sizeBytes && log.digest(stream) !== sha256;
  });
}

async function fetchRest(
  files: Pick<FilesApi, 'stream'>,
  instance: string,
  log: OutputLog,
  stream: OutputStream,
): Promise<readonly string[]> {
  const fetched = await files.stream(
    instance,
    guestFiles[stream],
    (chunk) => log.append(stream, chunk),
    { offset: log.received(stream) },
  );
  if (fetched.ok || isNotFound(fetched.error)) return [];
  return [`The end of ${stream} may be missing from the log: ${describeIncusError(fetched.error)}`];
}
