# shellcheck shell=bash
# The two images of the tests: built once, kept as tarballs, imported where they are missing.

provide_images() {
  answers || die 'not running: use `up` first'
  provide_image tiny build_tiny
  provide_image debian build_debian
}

provide_image() {
  local alias=$1 build=$2 tarball=$IMAGES/$1.tar.gz
  [ -e "$tarball" ] || build_tarball "$alias" "$build"
  ! has_image "$alias" || return 0
  incus_cli image import -q "$tarball" --alias "$alias"
  say "imported $alias"
}

has_image() { incus_cli image alias list -f csv | grep -q "^$1,"; }

# build_tarball ALIAS BUILD: `BUILD rootfs` fills the root directory; the tarball appears when it is whole.
build_tarball() {
  local alias=$1 build=$2 work=$IMAGES/$1.building tarball=$IMAGES/$1.tar.gz
  say "building the image $alias"
  rm -rf "$work"; mkdir -p "$work/rootfs"
  "$build" "$work/rootfs"
  rm -f "$work/rootfs/sbin/init"
  install -m 755 "$HERE/lib/guest-init.sh" "$work/rootfs/sbin/init"
  printf 'architecture: %s\ncreation_date: %s\nproperties:\n  os: %s\n  description: for tests\n' \
    "$(uname -m)" "$(date +%s)" "$alias" >"$work/metadata.yaml"
  tar --numeric-owner -C "$work" -czf "$tarball.part" metadata.yaml rootfs
  mv "$tarball.part" "$tarball"
  rm -rf "$work"
}

# busybox and nothing else: starts in a tenth of a second.
build_tiny() {
  local root=$1 busybox=$ROOT/usr/bin/busybox name
  [ -x "$busybox" ] || busybox=$(command -v busybox) || die 'no busybox'
  mkdir -p "$root"/{bin,sbin,usr/bin,usr/sbin,etc,dev,proc,sys,run,tmp,root,home,mnt,var}
  chmod 1777 "$root/tmp"; chmod 700 "$root/root"
  # As in common distributions, so that tests meet the trouble it makes.
  ln -s /run "$root/var/run"
  install -m 755 "$busybox" "$root/bin/busybox"
  for name in $("$busybox" --list); do
    [ "$name" = busybox ] || ln -sf busybox "$root/bin/$name"
  done
  printf '%s\n' root:x:0:0::/root:/bin/sh user:x:1000:1000::/home:/bin/sh nobody:x:65534:65534::/:/bin/false \
    >"$root/etc/passwd"
  printf '%s\n' root:x:0: user:x:1000: nogroup:x:65534: >"$root/etc/group"
  echo '127.0.0.1 localhost' >"$root/etc/hosts"
}

# A minimal Debian. The builder and what it needs may be among the downloaded packages, so it too sees them over /usr.
build_debian() {
  local root=$1 log=$RUN/debootstrap.log
  unshare --mount --propagation private bash -e -c '
    mount -t overlay lab-usr -o "lowerdir=$1/usr:/usr" /usr
    debootstrap --variant=minbase "$2" "$3" "$4"' - \
    "$ROOT" "$(host_codename)" "$root" "$(host_mirror)" >"$log" 2>&1 ||
    { tail -n 5 "$log" >&2; die "building the image failed, see $log"; }
  rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
}
