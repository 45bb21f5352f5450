/**
 * The functions that workspace setup scripts are made of. They keep to what dash, bash and busybox ash share.
 *
 * - An overlay's options are one string, split at commas and colons, with escapes that differ between kernels and
 *   between versions of `mount`. So the three directories are passed as open files (`/proc/self/fd/3`): their names
 *   never appear in the options, and any character may be in them.
 * - A bind mount is made read-only in a second step. In a user namespace that step must repeat the flags of the
 *   source's mount (nosuid, nodev, noexec): the kernel refuses to lose them. They are read from mountinfo.
 * - `probe`: on file systems without user extended attributes an overlay can be mounted, but a directory that was
 *   removed cannot be made again. Jobs do that all the time (`rm -rf dist && mkdir dist`), so it is tried first.
 */
export const setupFunctions = String.raw`
pikaci_line_end='
'

pikaci_fail() {
  printf 'pikaci-setup: %s\n' "$1" >&2
  exit "${'$'}{2:-97}"
}

# $error: what the failed command said, its first line.
pikaci_try() {
  error=$("$@" 2>&1) && return 0
  error=${'$'}{error%%"$pikaci_line_end"*}
  return 1
}

# $canonical: the path $1 without symbolic links; what it names exists.
pikaci_canonical() {
  if [ -d "$1" ]; then
    canonical=$(cd "$1" && pwd -P)
  else
    parent=${'$'}{1%/*}
    canonical=$(cd "${'$'}{parent:-/}" && pwd -P)
    canonical=${'$'}{canonical%/}/${'$'}{1##*/}
  fi
}

# $found: the options of what is mounted at $1, the last mount if there are several, and of its file system.
pikaci_find_mount() {
  pikaci_canonical "$1"
  found=
  found_super=
  kept_ifs=$IFS
  set -f
  IFS=$pikaci_line_end
  for line in $(cat /proc/self/mountinfo); do
    IFS=' '
    set -- $line
    IFS=$pikaci_line_end
    point=$5
    case $point in *\\*) point=$(printf '%b' "$point") ;; esac
    if [ "$point" = "$canonical" ]; then
      found=$6
      found_super=${'$'}{line##* }
    fi
  done
  IFS=$kept_ifs
  set +f
  [ -n "$found" ]
}

pikaci_is_read_only() {
  case ,$found, in *,ro,*) return 0 ;; esac
  case $found_super, in ro,*) return 0 ;; esac
  return 1
}

# name, path
pikaci_verify() {
  [ -e "$2" ] || pikaci_fail "mount \"$1\": there is no $2"
  pikaci_find_mount "$2" || pikaci_fail "mount \"$1\": nothing is mounted at $2"
  pikaci_is_read_only || pikaci_fail "mount \"$1\": $2 is writable"
}

# name, source, target
pikaci_bind_read_only() {
  pikaci_try mount -o bind "$2" "$3" ||
    pikaci_fail "mount \"$1\": $2 cannot be mounted at $3: $error"
  pikaci_find_mount "$3" || pikaci_fail "mount \"$1\": nothing is mounted at $3"
  flags=
  for flag in nosuid nodev noexec nosymfollow; do
    case ,$found, in *,"$flag",*) flags=$flags,$flag ;; esac
  done
  pikaci_try mount -o "remount,bind,ro$flags" "$2" "$3" ||
    pikaci_fail "mount \"$1\": $3 cannot be made read-only: $error"
}

# lower, upper, work, target
pikaci_mount_overlay() {
  exec 3<"$1" 4<"$2" 5<"$3"
  pikaci_try mount -t overlay \
    -o lowerdir=/proc/self/fd/3,upperdir=/proc/self/fd/4,workdir=/proc/self/fd/5,userxattr \
    overlay "$4"
  mounted=$?
  exec 3<&- 4<&- 5<&-
  return $mounted
}

# layers
pikaci_probe() {
  pikaci_try mkdir -p "$1/probe/lower/d" "$1/probe/upper" "$1/probe/work" "$1/probe/tree" || return 1
  pikaci_mount_overlay "$1/probe/lower" "$1/probe/upper" "$1/probe/work" "$1/probe/tree" || return 1
  usable=0
  pikaci_try rmdir "$1/probe/tree/d" && pikaci_try mkdir "$1/probe/tree/d" || usable=1
  umount "$1/probe/tree"
  return $usable
}

# snapshot, layers, tree
pikaci_overlay() {
  [ -d "$1" ] || pikaci_fail "there is no snapshot at $1"
  pikaci_try mkdir -p "$2" "$3" || pikaci_fail "the working tree cannot be made: $error"
  if ! pikaci_probe "$2"; then
    pikaci_try mount -t tmpfs -o mode=0700 tmpfs "$2" || pikaci_fail "no overlay can be mounted: $error" 98
    pikaci_probe "$2" || pikaci_fail "no overlay can be mounted: $error" 98
  fi
  pikaci_try mkdir -p "$2/upper" "$2/work" || pikaci_fail "the working tree cannot be made: $error"
  pikaci_mount_overlay "$1" "$2/upper" "$2/work" "$3" ||
    pikaci_fail "no overlay can be mounted: $error" 98
}

# snapshot, tree
pikaci_read_only_tree() {
  [ -d "$1" ] || pikaci_fail "there is no snapshot at $1"
  [ "$1" = "$2" ] && return 0
  pikaci_try mkdir -p "$2" || pikaci_fail "the working tree cannot be made: $error"
  pikaci_bind_read_only snapshot "$1" "$2"
}

# name, source, mount point, what to do when there is none
pikaci_mount_at() {
  [ -e "$2" ] || pikaci_fail "mount \"$1\": its source $2 does not exist"
  [ -e "$3" ] || pikaci_fail "mount \"$1\": there is no $3 to mount it at: $4"
  if [ -d "$2" ]; then
    [ -d "$3" ] || pikaci_fail "mount \"$1\": $2 is a directory, but $3 is none"
  else
    [ ! -d "$3" ] || pikaci_fail "mount \"$1\": $3 is a directory, but $2 is none"
  fi
  pikaci_bind_read_only "$1" "$2" "$3"
}

# name, source, target outside the working tree
pikaci_mount_elsewhere() {
  pikaci_mount_at "$1" "$2" "$3" 'create the mount point, or choose a guestPath that exists'
}

# name, source, tree, path in the tree, mode
pikaci_mount_in_tree() {
  point=$3
  rest=$4
  while [ -n "$rest" ]; do
    point=$point/${'$'}{rest%%/*}
    [ ! -L "$point" ] ||
      pikaci_fail "mount \"$1\": $point is a symbolic link, so the mount would lie elsewhere"
    case $rest in */*) rest=${'$'}{rest#*/} ;; *) rest= ;; esac
  done
  target=$3/$4
  if [ "$5" = overlay ] && [ ! -e "$target" ]; then
    if [ -d "$2" ]; then
      pikaci_try mkdir -p "$target" || pikaci_fail "mount \"$1\": $error"
    else
      pikaci_try mkdir -p "${'$'}{target%/*}" || pikaci_fail "mount \"$1\": $error"
      pikaci_try touch "$target" || pikaci_fail "mount \"$1\": $error"
    fi
  fi
  pikaci_mount_at "$1" "$2" "$target" 'the workspace is read-only; use "workspace: overlay"'
}
`;
