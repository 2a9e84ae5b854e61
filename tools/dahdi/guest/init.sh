#!/bin/busybox sh
# The whole of the guest: modules, a network card, two spans back to back, and a shell on the serial line for the test.
/bin/busybox mkdir -p /proc /sys /dev /run /tmp
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sys /sys
/bin/busybox mount -t devtmpfs dev /dev
/bin/busybox --install -s /bin
for module in $(cat /modules/order); do insmod "/modules/$module" $([ "$module" = dahdi.ko ] && echo auto_assign_spans=1); done
ifconfig lo 127.0.0.1 up
ifconfig eth0 10.0.2.15 netmask 255.255.255.0 up
grep -q tipring=spans /proc/cmdline && spans create
relay 5000 /run/card-agent.sock &
stty -echo 2>/dev/null
echo 'GUEST ready'
# Each line is a command; its end is told with its exit code.
while read -r line; do
  eval "$line"
  echo "GUEST done $?"
done
poweroff -f
