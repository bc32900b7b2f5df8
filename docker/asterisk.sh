#!/bin/sh
# Waits for the configuration that the controller renders, then becomes Asterisk.
set -eu
conf=/var/lib/linekeeper/etc/current/asterisk.conf
until [ -r "$conf" ]; do sleep 0.2; done
exec asterisk -f -C "$conf"
