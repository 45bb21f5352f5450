import { shellQuote } from '@pikaci/paths';
import { guestFiles } from './guest-files.js';
import { sessionFunctions } from './session-functions.js';

/** Exit status of a supervisor that finds another one at work. */
const alreadyStarted = 90;

/** Exit status of `follow.sh` when the supervisor is gone and no ending was written: nobody will ever write one. */
export const supervisorGone = 91;

/** Longer outputs get no digest, in bytes: making one would keep the ending waiting for half a minute and more. */
const digestLimitBytes = 2 ** 30;

/** Room that is kept for the ending, in KiB. */
const reserveKiB = 256;

/** How long the command may run, and how long it may take to end once it was asked to. */
export interface CommandLimits {
  readonly timeoutSeconds: number;
  readonly graceSeconds: number;
}

/**
 * Runs the job's command, once, and keeps everything about it in files. It is started in a session of its own, so that
 * neither the client's connection nor the end of the exec that started it ends the command (an exec loses output now
 * and then, and kills its process when the connection goes). It needs nobody outside: it ends the command itself when
 * its time is over, or when it is asked to (`endRequestCommand`): SIGTERM to all that the command started, and SIGKILL
 * when the grace is over.
 *
 * The file `ending` holds, one a line: the exit status, the sizes of stdout and stderr in bytes, where the guest can
 * make them their sha256 digests, and why the command ended.
 */
export function superviseScript(workingDirectory: string, limits: CommandLimits): string {
  const { timeoutSeconds, graceSeconds } = limits;
  const grace = `${graceSeconds} ${Math.ceil(graceSeconds)}`;
  return `#!/bin/sh
${sessionFunctions}
asked=
forced=
command=
force() {
  forced=1
  kill_remaining
}
# why; nothing when the command has ended by itself
end_command() {
  [ -z "$asked" ] && read_stat "$command" && [ "$state" != Z ] || return 0
  asked=$1
  signal_remaining TERM
  ${graceSeconds === 0 ? 'force' : `later USR2 ${grace}`}
}
trap 'end_command cancelled' USR1
trap 'end_command timeout' ALRM
trap force USR2
# For those who signal their whole group; a trap, since what is ignored would be ignored by the command as well.
trap : TERM HUP INT
mkdir ${guestFiles.started} 2>/dev/null || exit ${alreadyStarted}
echo $$ >${guestFiles.supervisorPid}
dd if=/dev/zero of=${guestFiles.reserve} bs=1024 count=${reserveKiB}
cd ${shellQuote(workingDirectory)} || exit 96
if [ -e ${guestFiles.endRequest} ]; then
  asked=cancelled status=143
else
  PIKACI_SUPERVISED=$mark sh ${guestFiles.command} >>${guestFiles.stdout} 2>>${guestFiles.stderr} </dev/null &
  command=$!
  [ ! -e ${guestFiles.endRequest} ] || end_command cancelled
  later ALRM ${timeoutSeconds} ${Math.ceil(timeoutSeconds)}
  # A signal ends \`wait\` early; what it waited for is there until it was told of its end.
  while :; do
    wait "$command"
    status=$?
    read_stat "$command" || break
  done
  while [ -n "$asked" ] && [ -z "$forced" ] && find_remaining; do sleep 0.1 || sleep 1; done
  [ -z "$asked" ] || kill_remaining
fi
digest() { [ "$1" -ge ${digestLimitBytes} ] || sha256sum <"$2" 2>/dev/null | cut -d' ' -f1; }
rm -f ${guestFiles.reserve}
out=$(wc -c <${guestFiles.stdout} | tr -d ' ')
errors=$(wc -c <${guestFiles.stderr} | tr -d ' ')
out_digest=$(digest "$out" ${guestFiles.stdout})
errors_digest=$(digest "$errors" ${guestFiles.stderr})
printf '%s\\n' "$status" "$out" "$errors" "$out_digest" "$errors_digest" "\${asked:-exited}" >${guestFiles.ending}.new &&
  mv ${guestFiles.ending}.new ${guestFiles.ending}
`;
}

/** A shell command for root of the guest that asks the command to end. The file is for a supervisor that just starts. */
export const endRequestCommand = `: >${guestFiles.endRequest}; pid=$(cat ${guestFiles.supervisorPid}) && kill -s USR1 "$pid"`;

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
setsid sh ${guestFiles.superviseScript} </dev/null >/dev/null 3>&- &
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
