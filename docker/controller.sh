#!/bin/sh
# Applies the site, to the files alone while no Asterisk answers, and becomes the controller.
set -eu
site=${1:-/etc/linekeeper/site.yaml}
node /opt/linekeeper/docker/prepare.mjs
code=0
linekeeper apply "$site" --yes --json >/dev/null || code=$?
if [ "$code" -eq 5 ]; then
  linekeeper apply "$site" --yes --offline --json >/dev/null
elif [ "$code" -ne 0 ]; then
  exit "$code"
fi
exec linekeeper run "$LINEKEEPER_DIR/etc/current/site.yaml"
