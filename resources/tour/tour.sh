#!/usr/bin/env bash
# Stepwell's main job on the command line, for machines without a display: the demo workspace comes up,
# one target is looked at, planned, backed up, upgraded and rolled back, and the windows are drawn.
set -euo pipefail

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
run() { printf '$ %s\n' "$*"; "$@"; }

pictures=${1:-${XDG_DATA_HOME:-$HOME/.local/share}/stepwell/pictures}

say "The demo workspace: three components, three environments, a PostgreSQL cluster of its own"
# The revisions of every database are a long list: only the stages are shown.
demo=$(stepwell demo --reset --create "${XDG_DATA_HOME:-$HOME/.local/share}/stepwell/demo" --format json 2> >(grep -v -- "-> " >&2) |
    sed -E 's/.*"workspace":"([^"]*)".*/\1/')
trap 'stepwell demo --stop "$demo" >/dev/null' EXIT
cd "$demo"

say "Where everything stands"
run stepwell status

say "What is pending in production/manager, and its SQL"
run stepwell plan production/manager
run stepwell sql production/manager

say "A verified backup"
run stepwell backup production/manager

say "Upgrade: production is protected, so its name has to be confirmed; its policy requires a backup"
run stepwell upgrade production/manager --confirm production

say "One step back, again with a backup first"
run stepwell rollback production/manager -1 --confirm production

say "What the journal tells"
run stepwell journal
run stepwell status production/manager

say "The windows, light and dark"
run stepwell demo --pictures "$pictures"
printf '\nPictures of the windows are in %s\nThere is no display here; with one, ./dev run opens the window.\n' "$pictures"
