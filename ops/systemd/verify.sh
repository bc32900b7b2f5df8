#!/bin/sh
# Installs the packed project as docs/operating.md says and runs its units under a real
# systemd, booted in namespaces of its own from Debian's packages: nothing is installed on
# this machine, nothing is left. Needs root, mmdebstrap, npm and unshare; takes minutes.
#   ops/systemd/verify.sh [--keep]   --keep: the folder with the tree stays for the next run
set -eu
project=$(cd "$(dirname "$0")/../.." && pwd)
work=${LINEKEEPER_SYSTEMD:-/tmp/linekeeper-systemd}
tree=$work/tree
state=/var/lib/linekeeper
say() { echo "verify: $*" >&2; }
fail() { say "$*"; exit 1; }
[ "$(id -u)" = 0 ] || { say "root is needed: namespaces and mounts are made"; exit 5; }
for tool in mmdebstrap npm unshare nsenter; do
  command -v "$tool" >/dev/null || { say "$tool is missing"; exit 5; }
done
keep=no
[ "${1:-}" = --keep ] && keep=yes
mkdir -p "$work"

end() {
  code=$?
  trap - EXIT INT TERM
  if [ -n "${init:-}" ]; then
    [ "$code" = 0 ] || inside systemctl status 'linekeeper*' --no-pager -l >&2 || true
    [ "$code" = 0 ] || inside journalctl --no-pager -o cat -n 60 >&2 || true
    # Without its first process a namespace, and what was mounted in it, is gone.
    kill -KILL "$init" 2>/dev/null || true
    wait "$namespace" 2>/dev/null || true
  fi
  [ "$keep" = yes ] || rm -rf "$work"
  exit "$code"
}
trap end EXIT INT TERM

# A mirror frozen at a date has release files that are past theirs; signatures still count.
debian() {
  mmdebstrap --variant=minbase --include="$1" forky "$2" >"$work/mmdebstrap.log" 2>&1 && return
  grep -q 'is expired' "$work/mmdebstrap.log" || { cat "$work/mmdebstrap.log" >&2; return 1; }
  rm -rf "$2"
  say "the mirror is a dated snapshot: its date is not checked"
  mmdebstrap --quiet --aptopt='Acquire::Check-Valid-Until "false"' \
    --variant=minbase --include="$1" forky "$2"
}

inside() { nsenter -t "$init" -p -m -n -u -i -C env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin HOME=/root "$@"; }
property() { inside systemctl show "$1" -p "$2" --value; }
decides() { [ "$(property "$1" ActiveState) $(property "$1" StatusText)" = 'active calls are decided' ]; }
controller() { inside pgrep -f 'main.js run' | tail -1; }
asterisk() { inside pgrep -x asterisk; }

# until SECONDS WHAT COMMAND…: fails, naming what did not come to be.
until_so() {
  limit=$1 what=$2
  shift 2
  began=$(date +%s)
  until "$@"; do
    [ $(($(date +%s) - began)) -le "$limit" ] || fail "not within $limit s: $what"
    sleep 0.2
  done
  say "after $(($(date +%s) - began)) s: $what"
}
another() { now=$("$1" || true); [ -n "$now" ] && [ "$now" != "$2" ] && decides "$3"; }
same_asterisk() { [ "$(asterisk)" = "$1" ] || fail "this is another Asterisk: its calls are gone"; }
canary() { inside linekeeper verify --from 0972100001 --to 0972100003 >&2 || fail "canary calls"; }

say "systemd, Asterisk and Node, from forky"
if [ ! -e "$tree" ]; then
  rm -rf "$tree.part"
  debian systemd,systemd-sysv,dbus,procps,iproute2,nodejs,asterisk,asterisk-core-sounds-fr-wav,asterisk-core-sounds-en-wav "$tree.part"
  mv "$tree.part" "$tree"
fi
say "the project, packed and installed"
(cd "$project" && npm pack --silent --pack-destination "$work" >/dev/null)
npm install --silent --global --prefix "$tree/usr/local" "$work"/linekeeper-*.tgz
rm -rf "${tree:?}$state" "$tree/etc/linekeeper" "$tree/var/log/journal" \
  "$tree"/etc/systemd/system/*.wants/linekeeper*
chroot "$tree" sh -eu <<'GUIDE'
cp /usr/local/lib/node_modules/linekeeper/ops/systemd/linekeeper* /etc/systemd/system/
install -d -o asterisk -g asterisk /etc/linekeeper /var/lib/linekeeper
install -d -o asterisk -g asterisk -m 0700 /var/backups/linekeeper
install -o asterisk -g asterisk -m 0640 /usr/local/lib/node_modules/linekeeper/examples/site.yaml /etc/linekeeper/
GUIDE

cat >"$work/boot" <<'BOOT'
set -eu
tree=$1
mount --make-rprivate /
mount --bind "$tree" "$tree"
cd "$tree"
mount -t proc proc proc
mount -t tmpfs -o mode=755 tmpfs dev
for device in null zero full random urandom tty; do touch "dev/$device"; mount --bind "/dev/$device" "dev/$device"; done
mkdir dev/pts dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
mount -t tmpfs tmpfs dev/shm
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs tmpfs tmp
mount -t sysfs sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
ip link set lo up
mkdir run/old
pivot_root . run/old
umount -l /run/old
exec env -i container=verify PATH=/usr/sbin:/usr/bin /lib/systemd/systemd --system --log-target=console --show-status=no
BOOT
unshare -p -m -n -u -i -C --kill-child --fork sh "$work/boot" "$tree" >"$work/boot.log" 2>&1 </dev/null &
namespace=$!
booted() { init=$(cat "/proc/$namespace/task/$namespace/children" 2>/dev/null | tr -d ' ') && [ -n "$init" ] && inside systemctl is-system-running >/dev/null 2>&1; }
until_so 60 'systemd runs' booted
say "$(inside systemctl --version | head -1)"

inside systemctl --quiet disable --now asterisk
inside systemctl --quiet enable --now linekeeper linekeeper-backup.timer linekeeper-retention.timer
until_so 60 'one unit: calls are decided' decides linekeeper
running=$(asterisk)
canary
inside linekeeper doctor >&2 || fail "doctor"
! inside journalctl --no-pager | grep -q 'password [A-Za-z0-9_-]\{20,\}' || fail "the journal holds a password"
inside systemctl start linekeeper-backup linekeeper-retention || fail "backup, retention"
frozen=$(controller)
inside kill -STOP "$frozen"
until_so 20 'a frozen controller is replaced' another controller "$frozen" linekeeper
main() { property "$unit" MainPID; }
unit=linekeeper killed=$(main)
inside kill -KILL "$killed"
until_so 20 'a killed unit is back' another main "$killed" linekeeper
same_asterisk "$running"
inside sh -c 'cp /etc/linekeeper/site.yaml /root/; echo "nonsense: 1" >>/etc/linekeeper/site.yaml'
! inside systemctl reload linekeeper 2>/dev/null || fail "a wrong site file was taken"
decides linekeeper || fail "a wrong site file ended the service"
inside sh -c 'sed "s/Atelier/Atelier Nord/" /root/site.yaml >/etc/linekeeper/site.yaml'
inside systemctl reload linekeeper || fail "reload"
inside linekeeper lines | grep -q 'Atelier Nord' || fail "the new site file is not in force"

# Taking the place of the other, which ends first.
inside systemctl --quiet disable linekeeper
inside systemctl --quiet enable --now linekeeper-asterisk linekeeper-controller
until_so 60 'two units: calls are decided' decides linekeeper-controller
same_asterisk "$(property linekeeper-asterisk MainPID)"
running=$(asterisk)
inside systemctl restart linekeeper-controller
until_so 20 'the controller is back' decides linekeeper-controller
unit=linekeeper-controller frozen=$(main)
inside kill -STOP "$frozen"
until_so 30 'its watchdog replaced a frozen one' another main "$frozen" linekeeper-controller
same_asterisk "$running"
inside kill -KILL "$running"
waits() { [ "$(property linekeeper-controller StatusText)" = 'waiting for Asterisk' ]; }
until_so 10 'the controller waits for Asterisk' waits
until_so 30 'a killed Asterisk is replaced' another asterisk "$running" linekeeper-controller
canary
inside systemctl start linekeeper
until_so 60 'one unit again: calls are decided' decides linekeeper
[ "$(property linekeeper-asterisk ActiveState)" = inactive ] || fail "two Asterisks"
inside systemctl stop linekeeper
[ -z "$(asterisk)" ] || fail "a stopped unit left its Asterisk"
failed=$(inside systemctl --failed --no-legend --no-pager)
[ -z "$failed" ] || fail "failed: $failed"
for unit in linekeeper linekeeper-asterisk linekeeper-controller linekeeper-backup linekeeper-retention; do
  say "$(inside systemd-analyze security "$unit.service" --no-pager | tail -1)"
done
say "the units work under systemd"
