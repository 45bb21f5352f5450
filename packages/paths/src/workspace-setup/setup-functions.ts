/**
 * The functions that workspace setup scripts are made of. They keep to what dash, bash and busybox ash share, and
 * start few programs: each costs about a millisecond, which every job pays.
 *
 * - An overlay's options are one string, split at commas and colons, with escapes that differ between kernels and
 *   between versions of `mount`. So the three directories are passed as open files (`/proc/self/fd/3`): their names
 *   never appear in the options, and any character may be in them.
 * - Whether a bind mount is read-only at once depends on `mount`; if not, it is remounted. In a user namespace that
 *   must repeat the flags of the source's mount (nosuid, nodev, noexec): the kernel refuses to lose them.
 * - `probe`: on a file system without user extended attributes (tmpfs before Linux 6.6) an overlay can be mounted, but
 *   a directory that was removed cannot be made again. Jobs do that all the time (`rm -rf dist && mkdir dist`).
 */
export const setupFunctions = `
pikaci_line_end='
'

# what happened, exit status
pikaci_fail() {
  printf 'pikaci-setup: %s\\n' "$1" >&2
  exit "\${2:-97}"
}

# mount, what happened
pikaci_fail_mount() {
  printf 'pikaci-setup: mount "%s": %s\\n' "$1" "$2" >&2
  exit 97
}

# $error: what the failed command said, its first line.
pikaci_try() {
  error=$("$@" 2>&1) && return 0
  error=\${error%%"$pikaci_line_end"*}
  return 1
}

# $canonical: the path $1 without symbolic links; what it names exists.
pikaci_canonical() {
  if [ -d "$1" ]; then
    canonical=$(cd "$1" && pwd -P)
  else
    parent=\${1%/*}
    canonical=$(cd "\${parent:-/}" && pwd -P)
    canonical=\${canonical%/}/\${1##*/}
  fi
}

pikaci_read_mounts() {
  mounts=$(cat /proc/self/mountinfo) || pikaci_fail 'the mounts cannot be read (/proc/self/mountinfo)'
}

# $found: the options of what is mounted at $1, the last mount if there are several; $found_super: of its file system.
pikaci_find_mount() {
  pikaci_canonical "$1"
  found=
  found_super=
  kept_ifs=$IFS
  set -f
  IFS=$pikaci_line_end
  for line in $mounts; do
    IFS=' '
    set -- $line
    IFS=$pikaci_line_end
    point=$5
    case $point in *\\\\*) point=$(printf '%b' "$point") ;; esac
    if [ "$point" = "$canonical" ]; then
      found=$6
      found_super=\${line##* }
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
  [ -e "$2" ] || pikaci_fail_mount "$1" "there is no $2"
  pikaci_find_mount "$2" || pikaci_fail_mount "$1" "nothing is mounted at $2"
  pikaci_is_read_only || pikaci_fail_mount "$1" "$2 is writable"
}

# name, path
pikaci_verify_writable() {
  pikaci_find_mount "$2" || pikaci_fail_mount "$1" "nothing is mounted at $2"
  if pikaci_is_read_only; then pikaci_fail_mount "$1" "$2 is read-only"; fi
}

# name, source, target
pikaci_bind() {
  pikaci_try mount -o bind,ro "$2" "$3" && return 0
  # The bind may stand even so, writable still.
  pikaci_read_mounts
  pikaci_find_mount "$3" || pikaci_fail_mount "$1" "$2 cannot be mounted at $3: $error"
}

# name, source, target
pikaci_make_read_only() {
  pikaci_find_mount "$3" || pikaci_fail_mount "$1" "nothing is mounted at $3"
  pikaci_is_read_only && return 0
  flags=
  for flag in nosuid nodev noexec nosymfollow; do
    case ,$found, in *,"$flag",*) flags=$flags,$flag ;; esac
  done
  pikaci_try mount -o "remount,bind,ro$flags" "$2" "$3" ||
    pikaci_fail_mount "$1" "$3 cannot be made read-only: $error"
  pikaci_read_mounts
  pikaci_verify "$1" "$3"
}

# lower, upper, work, target
pikaci_mount_overlay() {
  exec 3<"$1" 4<"$2" 5<"$3"
  set -- "$4" lowerdir=/proc/self/fd/3,upperdir=/proc/self/fd/4,workdir=/proc/self/fd/5,userxattr
  pikaci_try mount -t overlay -o "$2" overlay "$1"
  mounted=$?
  exec 3<&- 4<&- 5<&-
  return $mounted
}

# layers
pikaci_probe() {
  probe=$1/probe
  pikaci_try mkdir -p "$probe/lower/d" "$probe/upper" "$probe/work" "$probe/tree" || return 1
  pikaci_mount_overlay "$probe/lower" "$probe/upper" "$probe/work" "$probe/tree" || return 1
  pikaci_try rmdir "$probe/tree/d" && pikaci_try mkdir "$probe/tree/d"
  usable=$?
  umount "$probe/tree"
  return $usable
}

# snapshot, layers, tree
pikaci_overlay() {
  [ -d "$1" ] || pikaci_fail "there is no snapshot at $1"
  pikaci_try mkdir -p "$3" || pikaci_fail "the working tree cannot be made: $error"
  if [ -n "$copies" ]; then
    pikaci_copy "$1" "$3" || pikaci_fail "the snapshot cannot be copied: $error"
    return
  fi
  pikaci_stack "$1" "$2" "$3"
}

# directory, copy: one that belongs to who runs this, and whose every directory can be written to
pikaci_copy() {
  pikaci_try mkdir -p "$2" && pikaci_try cp -a "$1/." "$2/" && pikaci_try chown -hR 0:0 "$2" &&
    pikaci_try chmod -R u+w "$2"
}

# lower, layers, target: an overlay whose layers lie on the disk, or else on a tmpfs
pikaci_stack() {
  pikaci_try mkdir -p "$2/upper" "$2/work" || pikaci_fail "the layers cannot be made: $error"
  case $(stat -f -c %T "$2" 2>&1) in
    tmpfs) pikaci_probe "$2" || pikaci_fail "no overlay can be mounted: $error" 98 ;;
  esac
  pikaci_mount_overlay "$1" "$2/upper" "$2/work" "$3" && return 0
  refused=$error
  pikaci_try mount -t tmpfs -o mode=0700 tmpfs "$2" || pikaci_fail "no overlay can be mounted: $refused" 98
  pikaci_probe "$2" || pikaci_fail "no overlay can be mounted: $error" 98
  pikaci_try mkdir "$2/upper" "$2/work" || pikaci_fail "the layers cannot be made: $error"
  pikaci_mount_overlay "$1" "$2/upper" "$2/work" "$3" || pikaci_fail "no overlay can be mounted: $error" 98
}

# snapshot, tree
pikaci_read_only_tree() {
  [ -d "$1" ] || pikaci_fail "there is no snapshot at $1"
  [ "$1" = "$2" ] && return 0
  pikaci_try mkdir -p "$2" || pikaci_fail "the working tree cannot be made: $error"
  pikaci_bind snapshot "$1" "$2"
}

# name, source, mount point, what to do when there is none, layers of a writable mount
pikaci_mount_at() {
  [ -e "$2" ] || pikaci_fail_mount "$1" "its source $2 does not exist"
  [ -e "$3" ] || pikaci_fail_mount "$1" "there is no $3 to mount it at: $4"
  if [ -d "$2" ]; then
    [ -d "$3" ] || pikaci_fail_mount "$1" "$2 is a directory, but $3 is none"
  else
    [ ! -d "$3" ] || pikaci_fail_mount "$1" "$3 is a directory, but $2 is none"
  fi
  if [ -n "$5" ]; then pikaci_mount_writable "$1" "$2" "$3" "$5"; else pikaci_bind "$1" "$2" "$3"; fi
}

# name, source, target, layers
pikaci_mount_writable() {
  if [ -d "$2" ] && [ -n "$copies" ]; then
    pikaci_copy "$2" "$4/upper" || pikaci_fail_mount "$1" "$2 cannot be copied: $error"
    pikaci_try mount -o bind "$4/upper" "$3" || pikaci_fail_mount "$1" "$2 cannot be mounted at $3: $error"
    return
  fi
  if [ -d "$2" ]; then
    pikaci_stack "$2" "$4" "$3"
    return
  fi
  # An overlay is made of directories: of a single file the job gets a copy.
  pikaci_try mkdir -p "$4" || pikaci_fail_mount "$1" "$error"
  pikaci_try cp -p "$2" "$4/file" || pikaci_fail_mount "$1" "$error"
  [ -z "$copies" ] || pikaci_try chown 0:0 "$4/file" || pikaci_fail_mount "$1" "$error"
  pikaci_try chmod u+w "$4/file" || pikaci_fail_mount "$1" "$error"
  pikaci_try mount -o bind "$4/file" "$3" || pikaci_fail_mount "$1" "$2 cannot be mounted at $3: $error"
}

# name, source, target outside the working tree, layers of a writable mount
pikaci_mount_elsewhere() {
  pikaci_mount_at "$1" "$2" "$3" 'create the mount point, or choose a guestPath that exists' "$4"
}

# name, source, tree, path in the tree, mode, layers of a writable mount
pikaci_mount_in_tree() {
  step_path=$3
  rest=$4
  while [ -n "$rest" ]; do
    step_path=$step_path/\${rest%%/*}
    [ ! -L "$step_path" ] ||
      pikaci_fail_mount "$1" "$step_path is a symbolic link, so the mount would lie elsewhere"
    case $rest in */*) rest=\${rest#*/} ;; *) rest= ;; esac
  done
  target=$3/$4
  [ "$5" = read-only ] || [ -e "$target" ] || pikaci_make_point "$1" "$2" "$target"
  pikaci_mount_at "$1" "$2" "$target" 'the workspace is read-only; use "workspace: overlay"' "$6"
}

# name, source, target
pikaci_make_missing_point() {
  [ -e "$3" ] || pikaci_make_point "$1" "$2" "$3"
}

# name, source, target
pikaci_make_point() {
  if [ -d "$2" ]; then
    pikaci_try mkdir -p "$3" || pikaci_fail_mount "$1" "$error"
  else
    pikaci_try mkdir -p "\${3%/*}" || pikaci_fail_mount "$1" "$error"
    pikaci_try touch "$3" || pikaci_fail_mount "$1" "$error"
  fi
}
`;
