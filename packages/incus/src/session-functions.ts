/**
 * Functions of the supervisor's script that find and end what the command started: its session, and what carries the
 * mark in its environment, such as a process that made a session of its own. They keep to what dash and busybox share,
 * and start no program but for processes outside the session.
 */
export const sessionFunctions = `
# Another one for each supervisor: in a guest that sees more than its own processes (and where tests run the script on the
# host) those of others carry the variable as well.
read -r mark </proc/sys/kernel/random/uuid
# $state and $session of process $1, as long as it is listed
read_stat() {
  read -r stat <"/proc/$1/stat" || return 1
  set -- \${stat##*) }
  state=$1
  session=$4
}
# $pids: what the command started and still runs; false when there is nothing
find_remaining() {
  pids=
  for directory in /proc/[0-9]*; do
    pid=\${directory#/proc/}
    [ "$pid" != $$ ] && read_stat "$pid" && [ "$state" != Z ] || continue
    [ "$session" = $$ ] || tr '\\0' '\\n' <"$directory/environ" | grep -qx "PIKACI_SUPERVISED=$mark" || continue
    pids="$pids $pid"
  done
  [ -n "$pids" ]
}
# signal
signal_remaining() { find_remaining && kill -s "$1" $pids; }
# What is killed may have started something meanwhile.
kill_remaining() {
  turns=0
  while [ $turns -lt 50 ] && signal_remaining KILL; do
    turns=$((turns + 1))
    sleep 0.02 || sleep 1
  done
}
# signal, seconds, the same as a whole number: in a session of its own, so that it is not taken for the command's
later() {
  setsid sh -c 'sleep "$3" || sleep "$4"; kill -s "$1" "$2"' - "$1" $$ "$2" "$3" >/dev/null 2>&1 &
}
`;
