#!/usr/bin/env bash
# The tests that take their time: servers killed 100 times on SQLite and 20 times on PostgreSQL, the
# database away for a minute, 3,000 limits used up over three nodes that are killed, 20,000 power
# failures, every page of the dashboard, more calls of the API on both databases. Appends what they
# compared, with the date, to docs/never-lost.md.
set -euo pipefail
set -m
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/postgres.sh

unset "${!WAYPOST_@}"
record=docs/never-lost.md
scratch='' postgres='' job=''

tidy() {
    trap '' INT TERM HUP
    for group in "$job" "$postgres"; do
        if [[ -n $group ]]; then
            kill -INT -- "-$group" 2>/dev/null || true
            wait "$group" 2>/dev/null || true
        fi
    done
    if [[ -n $scratch ]]; then rm -rf "$scratch"; fi
}

trap tidy EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
scratch=$(mktemp -d "${TMPDIR:-/tmp}/waypost-test-XXXXXX")
start_postgres
export WAYPOST_TEST_LONG=1 WAYPOST_TEST_REPORT=$scratch/report
# One at a time: each is to have the whole machine for its load.
cargo test --release --locked -p server --test never_lost -- --test-threads=1 </dev/null &
job=$!
wait "$job"
cargo test --release --locked -p server --lib -- power_failure </dev/null &
job=$!
wait "$job"
job=''

scripts/dashboard.sh browser all </dev/null
EXAMPLES=20 scripts/openapi.sh </dev/null
EXAMPLES=20 WAYPOST_DATABASE_URL=$WAYPOST_TEST_POSTGRES scripts/openapi.sh </dev/null

{
    echo
    echo "## $(date -u +%Y-%m-%d), $(nproc) cores, commit $(git rev-parse --short HEAD 2>/dev/null || echo unknown)"
    echo
    cat "$scratch/report"
} >>"$record"
cat "$scratch/report"
