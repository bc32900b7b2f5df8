#!/bin/sh
# In the image that Debian's package of Asterisk is installed in: copies to /collected what
# ours runs of it, and what the base image, mounted at /base, has not. Of three hundred
# modules that is a hundred; Perl and what else only the others need stays out.
set -eu
lib=$(dirname "$(dirname "$(find /usr/lib -name app_dial.so)")")
cd "$lib/modules"
# The names in single quotes are the allow-list; a name that is none fails below.
modules=$(grep -oE "'[a-z]+_[a-z0-9_]+'" /opt/linekeeper/modules.ts | tr -d "'" | sed 's/$/.so/')
mkdir -p "/collected$lib/modules" /collected/usr/sbin /collected/usr/share
# shellcheck disable=SC2086 # One argument for each name.
cp $modules "/collected$lib/modules"
cp /usr/sbin/asterisk /collected/usr/sbin
cp -a /usr/share/asterisk /collected/usr/share
# shellcheck disable=SC2086
for library in $(ldd /usr/sbin/asterisk $modules | awk '/=> \// { print $3 }' | sort -u); do
  place=$(dirname "$(realpath "$library")")/$(basename "$library")
  [ -e "/base$place" ] && continue
  mkdir -p "/collected$(dirname "$place")"
  cp -L "$library" "/collected$place"
done
[ -e /base/usr/share/zoneinfo/Europe/Paris ] || cp -a /usr/share/zoneinfo /collected/usr/share
