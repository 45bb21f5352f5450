#!/usr/bin/env bash
# A real, private Incus server for tests. See README.md beside this file.
set -Eeuo pipefail
umask 022
export LC_ALL=C.UTF-8

HERE=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
LAB=$(readlink -m "${PIKACI_LAB:-/var/tmp/pikaci-incus-lab}")
MARKER=$LAB/.pikaci-incus-lab   # what `purge` wants to see before it deletes anything
PACKAGES=$LAB/packages          # cache: downloaded and unpacked packages
IMAGES=$LAB/images              # cache: image tarballs
STATE=$LAB/state                # the server's own files
RUN=$LAB/run                    # process ids, logs
SOCKET=$STATE/unix.socket

say() { printf 'incus-lab: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# shellcheck source=lib/packages.sh
. "$HERE/lib/packages.sh"
# shellcheck source=lib/daemon.sh
. "$HERE/lib/daemon.sh"
# shellcheck source=lib/images.sh
. "$HERE/lib/images.sh"

prepare_folder() {
  [ "$(id -u)" = 0 ] || die 'must be run as root'
  # A socket's path ends at 107 bytes; the longest one below the folder takes about 60 of them.
  [ "${#LAB}" -le 45 ] || die "the folder's path must not be longer than 45 characters: $LAB"
  if [ -d "$LAB" ] && [ ! -e "$MARKER" ] && [ -n "$(ls -A "$LAB")" ]; then
    die "$LAB exists and was not made by this program"
  fi
  mkdir -p "$LAB" "$PACKAGES" "$IMAGES" "$STATE" "$RUN"
  chmod 755 "$LAB"; chmod 711 "$STATE"
  : >"$MARKER"
  # Guests' users are strangers to the host, and must be able to reach their root directory.
  local folder=$LAB
  while [ "$folder" != / ]; do
    [ $((8#$(stat -Lc %a "$folder") & 1)) = 1 ] || die "$folder needs o+x, or guests could not start"
    folder=$(dirname "$folder")
  done
}

# Two callers at once would start two servers on one folder. The lock goes with this process.
locked() {
  prepare_folder
  exec 9>"$LAB/.lock"
  flock 9
  "$@"
}

print_env() {
  answers || die 'not running: use `up` first'
  printf 'PIKACI_TEST_INCUS_SOCKET=%s\n' "$SOCKET"
  printf 'PIKACI_TEST_INCUS_IMAGE=tiny\nPIKACI_TEST_INCUS_DEBIAN_IMAGE=debian\n'
  printf 'PIKACI_TEST_INCUS_LAB=%s\n' "$LAB"
}

purge() {
  [ -e "$MARKER" ] || { say "nothing to purge at $LAB"; return; }
  locked stop_daemon
  rm -rf --one-file-system "$LAB"
}

usage() { sed -n '/^| /p' "$HERE/README.md" >&2; exit 2; }

run_command() {
  case $1 in
    up) locked start_daemon ;;
    images) locked provide_images ;;
    down) [ ! -e "$MARKER" ] || locked stop_daemon ;;
    crash) locked crash_daemon ;;
    purge) purge ;;
    status) daemon_status ;;
    env) print_env ;;
    *) usage ;;
  esac
}

[ $# -gt 0 ] || usage
for command in "$@"; do run_command "$command"; done
