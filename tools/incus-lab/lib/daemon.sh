# shellcheck shell=bash
# The server: started in namespaces of its own (see namespace-init.sh), stopped with all its guests.

HOLDER=$RUN/holder.pid   # the process outside that holds the namespaces
# The group of this lab in the kernel's tree; the folder's name would not do for two labs of one base name.
GROUP=pikaci-incus-lab-$(printf %s "$LAB" | cksum | cut -d ' ' -f 1)

incus_cli() { INCUS_SOCKET=$SOCKET INCUS_CONF=$RUN/cli "$ROOT/usr/bin/incus" "$@"; }

# A process id may be a stranger's by now: only one whose command line names this lab counts.
holder_pid() {
  local pid
  pid=$(cat "$HOLDER" 2>/dev/null) || return 1
  tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null | grep -qxF -- "$LAB" || return 1
  printf '%s\n' "$pid"
}

answers() { [ -S "$SOCKET" ] && holder_pid >/dev/null && incus_cli query /1.0 >/dev/null 2>&1; }

# What only the server is to see in /etc: ids for its guests, and no name server, since it asks for an image server
# in the internet at each start.
write_etc() {
  mkdir -p "$RUN/etc"
  echo 'root:1000000:1000000000' | tee "$RUN/etc/subuid" >"$RUN/etc/subgid"
  echo 'nameserver 127.0.0.1' >"$RUN/etc/resolv.conf"
  echo '127.0.0.1 localhost images.linuxcontainers.org' >"$RUN/etc/hosts"
}

start_daemon() {
  provide_packages
  if answers; then say "already running at $SOCKET"; return; fi
  stop_daemon
  write_etc
  rm -f "$SOCKET"
  # A session of its own, so that the end of the caller's terminal does not end the server; --kill-child, so that the
  # end of the holder ends everything in the namespaces. It must not keep the lock's descriptor.
  setsid unshare --mount --pid --fork --kill-child --mount-proc --propagation private \
    bash "$HERE/lib/namespace-init.sh" "$LAB" "$ROOT" "$STATE" "$RUN" "$GROUP" \
    </dev/null >"$RUN/init.log" 2>&1 9>&- &
  echo $! >"$HOLDER"
  await_answer $!
  incus_cli admin waitready --timeout 60
  set_up_once
  say "running at $SOCKET"
}

await_answer() {
  local holder=$1 i
  for ((i = 0; i < 1200; i++)); do
    ! answers || return 0
    kill -0 "$holder" 2>/dev/null || { tail -n 20 "$RUN/init.log" "$RUN/incusd.log" >&2 || true; die 'the server ended at its start'; }
    sleep 0.05
  done
  die "no answer within a minute, see $RUN/incusd.log"
}

# btrfs makes an instance of an image by a snapshot, where a pool of plain directories copies all files of the image each
# time (for the Debian image 5 to 10 s). It needs the kernel's btrfs and a loop device for the pool's file.
pool_driver() {
  if grep -qw btrfs /proc/filesystems && [ -e /dev/loop-control ]; then
    printf 'driver: btrfs\n    config: { size: 20GiB }\n'
  else
    printf 'driver: dir\n'
  fi
}

# A pool and a profile with a root disk and no network.
set_up_once() {
  ! incus_cli storage show default >/dev/null 2>&1 || return 0
  incus_cli admin init --preseed <<YAML
config:
  images.auto_update_interval: "0"
storage_pools:
  - name: default
    $(pool_driver)
profiles:
  - name: default
    devices:
      root: { type: disk, path: /, pool: default }
YAML
}

# Where nobody reaps it an ended process stays listed, but without a command line.
ended_within() {
  local seconds=$1 i
  for ((i = 0; i < seconds * 20; i++)); do
    holder_pid >/dev/null || return 0
    sleep 0.05
  done
  return 1
}

stop_daemon() {
  local holder init
  if holder=$(holder_pid); then
    init=$(cat "/proc/$holder/task/$holder/children" 2>/dev/null) || true
    # "Power fails": the init passes it on to the server, which stops its guests, closes its database and ends.
    # shellcheck disable=SC2086
    [ -z "$init" ] || kill -PWR $init 2>/dev/null || true
    ended_within 60 || { say 'it does not end by itself: killing it'; kill -KILL "$holder" 2>/dev/null || true; }
    ended_within 10 || die "process $holder does not end"
    say 'stopped'
  fi
  rm -f "$HOLDER" "$SOCKET"
  remove_group
}

# The holder is gone, the group of its processes is still there, and empty: the last of them may take a moment.
remove_group() {
  unshare --mount --propagation private bash -c '
    umount -R /sys/fs/cgroup 2>/dev/null
    mount -t cgroup2 cgroup2 /sys/fs/cgroup || exit 0
    for ((i = 0; i < 100; i++)); do
      [ -d "/sys/fs/cgroup/$1" ] || exit 0
      find "/sys/fs/cgroup/$1" -depth -type d -exec rmdir {} \; 2>/dev/null
      sleep 0.05
    done
    echo "incus-lab: processes are left in group $1" >&2; exit 1' - "$GROUP"
}

daemon_status() {
  if answers; then printf 'running (process %s) at %s\n' "$(holder_pid)" "$SOCKET"
  elif holder_pid >/dev/null; then printf 'started, but does not answer: see %s\n' "$RUN/incusd.log"
  else printf 'not running\n'; fi
  [ ! -d "$LAB" ] || du -sh "$PACKAGES" "$IMAGES" "$STATE" 2>/dev/null || true
  answers
}

# The server's process id outside of its namespaces.
server_pid() {
  local holder init child
  holder=$(holder_pid) || return 1
  init=$(tr -d ' ' <"/proc/$holder/task/$holder/children") || return 1
  for child in $(cat "/proc/$init/task/$init/children"); do
    [ "$(readlink "/proc/$child/exe")" != "$ROOT/usr/libexec/incus/incusd" ] &&
      [ "$(tr '\0' ' ' <"/proc/$child/cmdline" | cut -d ' ' -f 1)" != incusd ] || { printf '%s\n' "$child"; return; }
  done
  return 1
}

# Kills the server, and nothing else: its guests live on. Returns when another one answers.
crash_daemon() {
  local pid
  pid=$(server_pid) || die 'not running: use `up` first'
  : >"$RUN/crash"
  kill -KILL "$pid"
  while [ -e "$RUN/crash" ]; do sleep 0.02; done
  await_answer "$(holder_pid)"
}
