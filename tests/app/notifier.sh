#!/bin/sh
# Runs a test program on a session bus where nobody shows notifications until the program does ("with"), or
# without any bus ("without").
set -eu
bus=$1
program=$2
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export XDG_RUNTIME_DIR="$home/run" STEPWELL_TEST_BUS="$bus"
mkdir -m 700 "$home/run"
unset DISPLAY WAYLAND_DISPLAY || true
if [ "$bus" = without ]; then
    # Unset it would be looked for elsewhere.
    DBUS_SESSION_BUS_ADDRESS="unix:path=$home/none" "$program"
else
    unset DBUS_SESSION_BUS_ADDRESS || true
    # Without service files: nothing is started on demand.
    cat >"$home/bus.conf" <<CONF
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:dir=$home/run</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
CONF
    dbus-run-session --config-file="$home/bus.conf" -- "$program"
fi
