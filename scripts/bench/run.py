#!/usr/bin/env python3
"""Measures the parts that are named, or all that usually are; scripts/bench.sh brings what this needs."""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile

import beside
import growth
import hold
import redirects
import report
import servers
import start
import writes

SECONDS, ROUNDS = 10, 3

HELD, ALONE = "held to {}", "on a CPU of its own"

# Each part: its heading, what measures it, how it holds the server, its share of SECONDS_EACH, and what
# its figures are.
PARTS = {
    "redirects": (
        "Redirects",
        redirects.measure,
        HELD,
        1,
        "Full redirects: 10,000 links with four rules each, 50 agents, 20,000 public addresses behind a "
        "trusted proxy, places, clicks stored; 64 connections of wrk. nginx has the same links, rules, "
        "places and agents in maps, and a buffered log. Processor time is of the whole server for each "
        "request, in µs (as user and kernel the clock samples it, the sum is exact); *with storing* goes on "
        "until all clicks are in the database. p50 and p99 in ms at 70 % of a server's own maximum, at a "
        "fixed rate, counted from when a request was due. Memory in MB.",
    ),
    "growth": (
        "Redirects as everything grows",
        growth.measure,
        HELD,
        0.5,
        "As above, for Waypost alone.",
    ),
    "start": (
        "Starts",
        start.measure,
        ALONE,
        1,
        "From before the server is executed to its first 302, on SQLite; medians of three.",
    ),
    "writes": (
        "Links made",
        writes.measure,
        ALONE,
        0.5,
        "Links a second, each answered when it is durable, on SQLite.",
    ),
    "beside": (
        "Redirects beside other work",
        beside.measure,
        ALONE,
        1,
        "Times of redirects in ms at a fixed rate, counted from when a request was due.",
    ),
}


def main():
    # So that `finally` and `with` tidy up when somebody stops us from outside, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    seconds = int(os.environ.get("SECONDS_EACH", SECONDS))
    rounds = int(os.environ.get("ROUNDS", ROUNDS))
    if unknown := [name for name in sys.argv[1:] if name not in PARTS]:
        sys.exit(f"bench: no part {unknown[0]}: there are {', '.join(PARTS)}")
    if not servers.BINARY.exists():
        sys.exit(f"bench: there is no server at {servers.BINARY}: build it with `make build`")
    # What we start, and our own work, keeps off the server's CPU; servers go there by themselves.
    os.sched_setaffinity(0, hold.CLIENT_CPUS)
    try:
        for name in sys.argv[1:] or PARTS:
            part(name, rounds, seconds)
    except (servers.Failed, OSError, subprocess.SubprocessError) as failed:
        sys.exit(f"bench: {failed}")
    except KeyboardInterrupt:
        sys.exit(130)


def part(name, rounds, seconds):
    heading, measure, how, share, means = PARTS[name]
    print(f"== {heading}", flush=True)
    with tempfile.TemporaryDirectory(prefix="waypost-bench-") as folder, hold.held(
        "waypost-bench"
    ) as held:
        each = max(1, round(seconds * share))
        where = report.circumstances(how.format(held), rounds, each)
        measured = measure(pathlib.Path(folder), held, rounds, each)
    lines = [f"## {heading}", "", f"`scripts/bench.sh {name}`. {where}", "", means, "", *measured]
    print("", *lines, "", sep="\n", flush=True)
    if SECONDS <= seconds and ROUNDS <= rounds:
        report.write(name, lines)
    else:
        print(f"Not written down: it takes {ROUNDS} rounds of {SECONDS} s.\n", flush=True)


if __name__ == "__main__":
    main()
