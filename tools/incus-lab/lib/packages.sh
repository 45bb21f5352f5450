# shellcheck shell=bash
# Incus' packages, downloaded and unpacked below the lab's folder. Nothing is installed on the host.

ROOT=$PACKAGES/root   # where they are unpacked
APT=$PACKAGES/apt     # apt's lists and archives, apart from the host's

# containers only (no QEMU), the command line for setting up, the storage pool, the guest of the small image, what builds
# the other one
WANTED=(incus-base incus-client btrfs-progs busybox-static debootstrap wget)

private_apt() {
  DEBIAN_FRONTEND=noninteractive apt-get -qq \
    -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$APT/sources" \
    -o Dir::Etc::PreferencesParts="$APT/preferences" \
    -o Dir::State::Lists="$APT/lists" -o Dir::Cache="$APT/cache" \
    -o APT::Sandbox::User=root -o Debug::NoLocking=1 -o Acquire::Retries=3 "$@"
}

# The address the host's own apt uses for its release, from either format of its sources.
host_mirror() {
  local deb822
  deb822=$(cat /etc/apt/sources.list.d/*.sources 2>/dev/null | awk '$1 == "URIs:" { print $2; exit }')
  if [ -n "$deb822" ]; then printf '%s\n' "$deb822"; return; fi
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
    awk '$1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /:\//) { print $i; exit } }'
}

host_codename() { (. /etc/os-release && printf '%s\n' "${VERSION_CODENAME:-}"); }

# The host's sources and, from the same address, the backports: Debian 12 itself has no Incus.
write_sources() {
  local mirror=$1 codename=$2 key=/usr/share/keyrings/debian-archive-keyring.gpg
  mkdir -p "$APT"/{sources,preferences,lists/partial,cache/archives/partial}
  cp /etc/apt/sources.list.d/*.sources "$APT/sources/" 2>/dev/null || true
  [ ! -s /etc/apt/sources.list ] || cp /etc/apt/sources.list "$APT/sources/host.list"
  printf 'deb [signed-by=%s] %s %s-backports main\n' "$key" "$mirror" "$codename" \
    >"$APT/sources/backports.list"
  printf 'Package: incus* lxc* liblxc* lxcfs cowsql* libcowsql* libraft*\nPin: release n=%s-backports\nPin-Priority: 600\n' \
    "$codename" >"$APT/preferences/incus"
}

unpack_all() {
  local package
  # The host keeps /bin and /lib as links into /usr; packages of this release still name them.
  mkdir -p "$ROOT"/usr/{bin,sbin,lib}
  ln -sfn usr/bin "$ROOT/bin"; ln -sfn usr/sbin "$ROOT/sbin"; ln -sfn usr/lib "$ROOT/lib"
  for package in "$APT"/cache/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -x --keep-directory-symlink -C "$ROOT"
  done
}

provide_packages() {
  [ "$(cat "$PACKAGES/.complete" 2>/dev/null)" != "${WANTED[*]}" ] || return 0
  local mirror codename
  mirror=$(host_mirror); codename=$(host_codename)
  [ "$codename" = bookworm ] || die "made for Debian 12 (bookworm), and this is ${codename:-something else}"
  [ -n "$mirror" ] || die "no mirror found in the host's apt sources"
  say 'downloading and unpacking Incus'
  rm -rf "$ROOT" "$APT"
  write_sources "$mirror" "$codename"
  private_apt update
  # Resolved against what the host has, so that only what it lacks is downloaded.
  private_apt -y --download-only --no-install-recommends install "${WANTED[@]}" >/dev/null
  unpack_all
  [ -x "$ROOT/usr/libexec/incus/incusd" ] || die 'the downloaded packages hold no incusd'
  printf '%s\n' "${WANTED[*]}" >"$PACKAGES/.complete"
}
