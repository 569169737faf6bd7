#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs one fuzzer on its corpus and beyond:  run.sh PROGRAM FOLDER-FOR-FINDS
#
# The short run takes a few seconds and always begins the same way. With STEPWELL_LONG set it takes
# STEPWELL_FUZZ_SECONDS (300), begins another way each time, and goes on from what earlier long runs found.
set -euo pipefail
program=$1
finds=$2
name=${program##*/fuzz_}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ -x "$program" ] || { echo "$program is not built" >&2; exit 1; }
mkdir -p "$finds"

options=(-timeout=10 -rss_limit_mb=2048 -artifact_prefix="$finds/$name-" -print_final_stats=1 -verbosity=0)
[ -f "$here/$name.dict" ] && options+=(-dict="$here/$name.dict")
if [ -n "${STEPWELL_LONG:-}" ]; then
    grown=$finds/../grown/$name
    options+=(-max_total_time="${STEPWELL_FUZZ_SECONDS:-300}")
else
    grown=$(mktemp -d)
    trap 'rm -rf "$grown"' EXIT
    options+=(-max_total_time="${STEPWELL_FUZZ_SECONDS:-6}" -seed=1)
fi
mkdir -p "$grown"

# The frames of a report get their names from binutils: LLVM's own symbolizer is not needed.
export ASAN_OPTIONS=external_symbolizer_path=/usr/bin/addr2line:detect_leaks=1
export UBSAN_OPTIONS=print_stacktrace=1:external_symbolizer_path=/usr/bin/addr2line
# No service file, password file or PG* variable of the user takes part.
unset "${!PG@}"
export PGSYSCONFDIR=/nonexistent HOME=/nonexistent

# What it finds new is written to the first folder, never to the corpus.
if "$program" "${options[@]}" "$grown" "$here/corpus/$name"; then
    exit 0
fi
find=$(ls -t "$finds/$name-"* 2>/dev/null | head -n 1)
cat >&2 <<TEXT

fuzz_$name found a defect. Its input: ${find:-none was written}
Once more:                ./dev exec $program $find
When it is mended, keep the input under a telling name in tests/fuzz/corpus/$name/
TEXT
exit 1
