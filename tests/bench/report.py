#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs all benchmarks of a build and writes the tables of docs/performance.md.

    report.py BUILD-FOLDER [name of a table]

The document's text is written by hand; what stands between `<!-- NAME -->` and `<!-- end -->` is replaced:
`compare` (compare.py), `runs` (runs.py), `benchmarks` (bench_revisions and bench_lint) and `machine`.
"""
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import compare
import runs

SOURCE = Path(__file__).resolve().parents[2]
DOCUMENT = SOURCE / "docs" / "performance.md"

SHAPES = {
    "chain": "chain",
    "fan": "fan",
    "merged_fan": "fan, merged again",
    "ladder": "ladder of merges",
    "two_chains": "two chains with dependencies",
    "script": "statements of one script",
}
MEASURES = {
    "read_header": "read the files, as the graph needs them",
    "read_facts": "read the files with what they do",
    "build": "build the graph",
    "history": "history",
    "plan_up": "plan from nothing to all heads",
    "plan_down": "plan from all heads to base",
    "lanes": "lanes of the drawn graph",
    "list_fill": "list of revisions: filling it",
    "list_frame": "list of revisions: one frame",
    "lint_parse": "lint: PostgreSQL's parser alone",
    "lint_whole": "lint: from the text to the findings",
}
ORDERS = {"(1)": "1", "lgN": "log n", "N": "n", "NlgN": "n log n", "N^2": "n²", "N^3": "n³"}


def machine(build):
    models = re.findall(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.M)
    python = "Python %d.%d" % sys.version_info[:2]
    alembic = subprocess.run(
        [sys.executable, "-c", "import alembic; print(alembic.__version__)"], capture_output=True, text=True
    ).stdout.strip()
    yield "%s, %d cores; %s with Alembic %s. Load average before the run: %.1f." % (
        models[0] if models else "unknown processor",
        len(os.sched_getaffinity(0)),
        python,
        alembic,
        os.getloadavg()[0],
    )


def comparison(build):
    yield from compare.compare(str(build / "bin" / "stepwell"), [500, 5_000, 50_000], 7)


def run_costs(build):
    yield from runs.tables(str(build / "bin" / "stepwell"), 200, 7)


def benchmark_rows(results):
    """Results by name without the size, in the order they came."""
    grown = {}
    for result in results:
        name = result.get("run_name", result["name"]).replace("/real_time", "")
        if result["run_type"] == "aggregate":
            if result["aggregate_name"] == "BigO":
                grown.setdefault(name, {})["order"] = result["big_o"]
            continue
        name, size = name.rsplit("/", 1)
        # Times are in milliseconds; a ladder of n rungs has 3 n revisions.
        size = int(size) * (3 if "ladder" in name else 1)
        grown.setdefault(name, {}).setdefault("times", []).append((size, result["real_time"]))
    return grown


def results(program):
    done = subprocess.run(
        [program, "--benchmark_format=json"],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)["benchmarks"]


def benchmarks(build):
    measured = results(build / "tests" / "bench_revisions") + results(build / "tests" / "bench_lint")
    yield "| what | history | revisions: time | grows as |"
    yield "| --- | --- | --- | --- |"
    for name, found in benchmark_rows(measured).items():
        measure, shape = name.split("/", 1)
        times = " · ".join(
            "%s: %s" % (format(size, ","), compare.time_text(ms / 1000) if ms >= 1 else "%.2f ms" % ms)
            for size, ms in found["times"]
        )
        yield "| %s | %s | %s | %s |" % (
            MEASURES[measure],
            SHAPES[shape],
            times,
            ORDERS[found["order"]],
        )


def replace(name, lines):
    text = DOCUMENT.read_text()
    begin, end = "<!-- %s -->\n" % name, "<!-- end -->"
    head, _, rest = text.partition(begin)
    if not rest or end not in rest:
        sys.exit("%s has no place for the table '%s'" % (DOCUMENT, name))
    DOCUMENT.write_text(head + begin + "".join(line + "\n" for line in lines) + rest[rest.index(end) :])


def main():
    build = Path(sys.argv[1]).resolve()
    for name, lines in {"machine": machine, "compare": comparison, "runs": run_costs, "benchmarks": benchmarks}.items():
        if name in (sys.argv[2:] or [name]):
            compare.say("docs/performance.md: " + name)
            replace(name, list(lines(build)))


if __name__ == "__main__":
    main()
