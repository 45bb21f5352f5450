#!/bin/bash
# Process 1 of the server's namespaces. Started twice: first to lay out the mounts and join the lab's own group, then
# inside a control-group namespace of which that group is the root.
# There is no chroot: processes in one may not create user namespaces, which guests need, and this way each host path
# has the same name for the server, which is what disk devices need.
set -e
lab=$1 root=$2 state=$3 run=$4 group=$5

own_cgroup_tree() {
  umount -R /sys/fs/cgroup 2>/dev/null || true
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
}

if [ "$6" != inside ]; then
  mount --make-rslave /
  mount -t overlay lab-usr -o "lowerdir=$root/usr:/usr" /usr
  mount -t overlay lab-etc -o "lowerdir=$run/etc:/etc" /etc
  own_cgroup_tree
  mkdir -p "/sys/fs/cgroup/$group"
  echo 0 >"/sys/fs/cgroup/$group/cgroup.procs"
  exec unshare --cgroup bash "$0" "$lab" "$root" "$state" "$run" "$group" inside
fi

# The runtime takes process 1's group for the base of all guests' groups, and a group with controllers switched on may
# hold no processes itself: so process 1 moves one down.
own_cgroup_tree
mkdir -p /sys/fs/cgroup/init.scope
echo 0 >/sys/fs/cgroup/init.scope/cgroup.procs

ulimit -n "$(ulimit -Hn)" || true
export PATH=/usr/libexec/incus:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root INCUS_DIR=$state
unset INCUS_SOCKET INCUS_CONF
trap '' HUP INT
start_server() {
  incusd --group root --verbose --logfile="$run/incusd.log" &
  server=$!
}
start_server

# A forced stop freezes the guest's group, kills the guest and waits for the group to thaw. Now and then the kernel
# (seen on 6.18, about once in 250 stops) goes on reporting the emptied group as frozen, and the stop never ends.
# Freezing and thawing it once more makes the kernel say so.
thaw_emptied_groups() {
  while sleep 1; do
    for events in /sys/fs/cgroup/lxc.payload.*/cgroup.events; do
      freeze=${events%/*}/cgroup.freeze
      grep -qs 'populated 0' "$events" && grep -qs 'frozen 1' "$events" || continue
      [ "$(cat "$freeze" 2>/dev/null)" = 0 ] || continue
      { echo 1 >"$freeze" && echo 0 >"$freeze"; } 2>/dev/null || true
    done
  done
}
thaw_emptied_groups &

stopping=
trap 'stopping=1; kill -PWR $server' PWR
trap 'stopping=1; kill -TERM $server' TERM
# A trapped signal ends `wait` early. While it waits, bash also reaps the orphans of the namespace. A server that was
# killed is started again, and finds its guests alive: they are no children of it.
while :; do
  while kill -0 $server 2>/dev/null; do wait $server || true; done
  [ -z "$stopping" ] || break
  # One that cannot start ends this as well.
  [ -e "$run/crash" ] || break
  rm -f "$run/crash"
  start_server
done
# With process 1 the kernel ends everything that is left in the namespace.
