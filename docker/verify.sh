#!/bin/sh
# Builds the images, starts the compose file and lets one phone call the other, with a
# Docker daemon of its own from Debian's packages: nothing is installed, nothing is left.
# Needs root, mmdebstrap, apt and the docker command; takes minutes.
#   docker/verify.sh [--keep]   --keep: the folder with the images stays for the next run
set -eu
project=$(cd "$(dirname "$0")/.." && pwd)
work=${LINEKEEPER_DOCKER:-/tmp/linekeeper-docker}
suite=forky
say() { echo "verify: $*" >&2; }
[ "$(id -u)" = 0 ] || { say "root is needed: the daemon makes namespaces and mounts"; exit 5; }
for tool in mmdebstrap docker dpkg apt-get; do
  command -v "$tool" >/dev/null || { say "$tool is missing"; exit 5; }
done
mkdir -p "$work/debs" "$work/daemon" "$work/data" "$work/exec" "$work/config/cli-plugins"
export DOCKER_HOST="unix://$work/docker.sock" DOCKER_CONFIG="$work/config"
compose() { docker compose -f "$project/docker/compose.yaml" --profile phones "$@"; }

# A mirror frozen at a date has release files that are past theirs; signatures still count.
debian() {
  mmdebstrap "$@" >"$work/mmdebstrap.log" 2>&1 && return
  grep -q 'is expired' "$work/mmdebstrap.log" || { cat "$work/mmdebstrap.log" >&2; return 1; }
  for target; do :; done
  rm -rf "$target"
  say "the mirror is a dated snapshot: its date is not checked"
  mmdebstrap --quiet --aptopt='Acquire::Check-Valid-Until "false"' "$@"
}

# Fails unless the phone has heard the other's tone, of so many Hz, for five seconds.
hears() {
  docker cp "linekeeper-$1-1:/home/phone/phone/heard" "$work/$1" >/dev/null
  # 16 bits at 8 kHz: the upward crossings of zero between the first and last loud sample.
  od -An -v -td2 -w2 -j44 "$work/$1"/*-dec.wav | awk -v phone="$1" -v wanted="$2" '
    { loud = $1 > 1000 || $1 < -1000 }
    loud && !first { first = NR }
    first && before < 0 && $1 >= 0 { crossings++ }
    loud { last = NR; heard = crossings }
    { before = $1 }
    END {
      seconds = (last - first) / 8000
      hertz = seconds > 0 ? heard / seconds : 0
      printf "%s hears %.0f Hz for %.1f s\n", phone, hertz, seconds
      exit !(seconds > 5 && hertz > wanted * 0.98 && hertz < wanted * 1.02)
    }' || { say "$1 does not hear the other one"; exit 1; }
}

end() {
  code=$?
  trap - EXIT INT TERM
  if [ -e "$work/docker.pid" ]; then
    [ "$code" = 0 ] || compose logs --tail 40 >&2 || true
    compose down -v -t 3 >/dev/null 2>&1 || true
    kill "$(cat "$work/docker.pid")" 2>/dev/null || true
    for _ in 1 2 3 4 5 6 7 8 9 10; do [ -e "$work/docker.pid" ] || break; sleep 0.5; done
  fi
  # The daemon leaves namespaces mounted.
  awk -v work="$work/" 'index($2, work) == 1 { print $2 }' /proc/mounts | sort -r | xargs -r umount -l
  [ "${1:-}" = keep ] || [ "$keep" = yes ] || rm -rf "$work"
  exit "$code"
}
keep=no
[ "${1:-}" = --keep ] && keep=yes
trap end EXIT INT TERM

say "the daemon, from this machine's packages"
if [ ! -x "$work/daemon/usr/sbin/dockerd" ]; then
  (cd "$work/debs" && apt-get download docker.io containerd runc >/dev/null 2>&1)
  for deb in "$work"/debs/*.deb; do dpkg -x "$deb" "$work/daemon"; done
fi
say "compose and buildx, from $suite"
if [ ! -e "$work/plugins" ]; then
  rm -rf "$work/plugins.part"
  debian --variant=extract --include=docker-compose,docker-buildx "$suite" "$work/plugins.part"
  mv "$work/plugins.part" "$work/plugins"
fi
for plugin in docker-compose docker-buildx; do
  found=$(find "$work/plugins/usr" -type f -name "$plugin" -path '*cli-plugins*' | head -1)
  ln -sf "$found" "$work/config/cli-plugins/$plugin"
done

PATH="$work/daemon/usr/bin:$work/daemon/usr/sbin:$PATH" dockerd \
  --storage-driver=overlay2 --iptables=false --ip6tables=false --ip-masq=false --bridge=none \
  --data-root "$work/data" --exec-root "$work/exec" -H "$DOCKER_HOST" \
  --pidfile "$work/docker.pid" > "$work/dockerd.log" 2>&1 &
for _ in $(seq 60); do docker info >/dev/null 2>&1 && break; sleep 0.5; done
docker info --format 'verify: daemon {{.ServerVersion}}, {{.Driver}}' >&2

if ! docker image inspect debian:$suite-slim >/dev/null 2>&1; then
  say "debian:$suite-slim, made by mmdebstrap"
  # Like the image of that name: without manuals and translations, and dpkg does not wait
  # for the disk after each file.
  debian --variant=minbase --include=ca-certificates \
    --dpkgopt=force-unsafe-io --aptopt='Acquire::Languages "none"' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    "$suite" "$work/$suite.tar"
  docker import "$work/$suite.tar" debian:$suite-slim >/dev/null
  rm "$work/$suite.tar"
fi
export LINEKEEPER_CA="${NODE_EXTRA_CA_CERTS:-/dev/null}"
if [ -r "$HOME/.npmrc" ]; then export LINEKEEPER_NPMRC="$HOME/.npmrc"; fi
say "building"
compose build asterisk >&2
compose build >&2
docker images --filter 'reference=linekeeper-*' --format '{{.Repository}}	{{.Size}}'

say "starting"
compose up -d >&2
docker wait linekeeper-phone-two-1 >/dev/null
echo "The call, as the two telephones tell it:"
for phone in one two; do
  docker logs --timestamps "linekeeper-phone-$phone-1" 2>&1 |
    sed "s/^[^T]*T\([0-9:.]\{12\}\)[0-9]*Z/\1  phone-$phone /"
done | sort -s -k1,1 > "$work/said"
grep -E '200 OK|connecting to|SIP Progress|answering call|Call established|incoming rtp|terminated' \
  "$work/said" || true
for what in 'phone-one .*answering call' 'phone-two .*Call established' 'phone-two .*terminated'; do
  grep -q "$what" "$work/said" || { say "nobody said: $what"; exit 1; }
done
hears phone-one 660
hears phone-two 440
docker exec linekeeper-controller-1 linekeeper cdr
docker exec linekeeper-controller-1 linekeeper lines
docker exec linekeeper-controller-1 id
compose ps --format 'table {{.Service}}	{{.Status}}'
say "one phone called the other through the containers"
