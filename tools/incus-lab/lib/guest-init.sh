#!/bin/sh
# Process 1 of the test images: does nothing, reaps, and ends at once when the guest is to stop.
trap 'exit 0' PWR TERM INT
mount -t tmpfs tmpfs /run 2>/dev/null
ip link set lo up 2>/dev/null
while :; do
  sleep 3600 &
  wait $!
done
