import { shellQuote } from '@pikaci/paths';
import { guestFiles } from './guest-files.js';

/** Exit status of a supervisor that finds another one at work. */
const alreadyStarted = 90;

/** Exit status of `follow.sh` when the supervisor is gone and no ending was written: nobody will ever write one. */
export const supervisorGone = 91;

/**
 * Runs the job's command, once, and keeps everything about it in files. It is started in a session of its own, so that
 * neither the client's connection nor the end of the exec that started it ends the command (an exec loses output now
 * and then, and kills its process when the connection goes).
 *
 * The file `ending` holds, one a line: the exit status, the sizes of stdout and stderr in bytes, and, where the guest
 * can make them, their sha256 digests.
 */
export function superviseScript(workingDirectory: string): string {
  return `#!/bin/sh
mkdir ${guestFiles.started} 2>/dev/null || exit ${alreadyStarted}
echo $$ >${guestFiles.supervisorPid}
cd ${shellQuote(workingDirectory)} || exit 96
sh ${guestFiles.command} >>${guestFiles.stdout} 2>>${guestFiles.stderr} </dev/null
status=$?
digest() { sha256sum <"$1" 2>/dev/null | cut -d' ' -f1; }
{
  echo "$status"
  wc -c <${guestFiles.stdout} | tr -d ' '
  wc -c <${guestFiles.stderr} | tr -d ' '
  digest ${guestFiles.stdout}
  digest ${guestFiles.stderr}
} >${guestFiles.ending}.new
mv ${guestFiles.ending}.new ${guestFiles.ending}
`;
}

/**
 * Starts the command unless it was started before, and shows its output from given offsets until it has ended:
 * `follow.sh <stdout offset> <stderr offset>`. Whoever lost the connection runs it again. What it shows is for the
 * eyes: the files are the truth.
 */
export function followScript(): string {
  return `#!/bin/sh
umask 022
[ -d ${guestFiles.output} ] || exit ${supervisorGone}
exec 3>&2 2>/dev/null
: >>${guestFiles.stdout}
: >>${guestFiles.stderr}
setsid sh ${guestFiles.superviseScript} </dev/null >/dev/null &
job=$!
tail -c "+$(($1 + 1))" -f ${guestFiles.stdout} &
out=$!
tail -c "+$(($2 + 1))" -f ${guestFiles.stderr} >&3 &
errors=$!
wait "$job"
ended=$?
status=0
if [ $ended -eq ${alreadyStarted} ]; then
  while [ ! -e ${guestFiles.ending} ]; do
    if ! kill -0 "$(cat ${guestFiles.supervisorPid})" && [ ! -e ${guestFiles.ending} ]; then
      status=${supervisorGone}
      break
    fi
    sleep 0.1 || sleep 1
  done
fi
kill "$out" "$errors"
wait "$out" "$errors"
exit $status
`;
}

/** How the command ended, as the supervisor wrote it. */
export interface CommandEnding {
  readonly exitCode: number;
  readonly stdout: StreamEnding;
  readonly stderr: StreamEnding;
}

/** Length and, where the guest could make it, sha256 of one output file. */
export interface StreamEnding {
  readonly sizeBytes: number;
  readonly sha256: string | null;
}

/** Reads the file `ending`; null when it does not hold what the supervisor writes. */
export function parseEnding(text: string): CommandEnding | null {
  const [status, stdoutSize, stderrSize, stdoutDigest, stderrDigest] = text.split('\n');
  const numbers = [status, stdoutSize, stderrSize].map((line) =>
    line !== undefined && /^\d+$/.test(line) ? Number(line) : null,
  );
  const [exitCode, stdoutBytes, stderrBytes] = numbers;
  if (exitCode == null || stdoutBytes == null || stderrBytes == null) return null;
  return {
    exitCode,
    stdout: { sizeBytes: stdoutBytes, sha256: digestOrNull(stdoutDigest) },
    stderr: { sizeBytes: stderrBytes, sha256: digestOrNull(stderrDigest) },
  };
}

function digestOrNull(line: string | undefined): string | null {
  return line !== undefined && /^[0-9a-f]{64}$/.test(line) ? line : null;
}
