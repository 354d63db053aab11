#!/usr/bin/env bash
# Measures how fast links are made, on SQLite and on a PostgreSQL of its own, each durable when it is
# answered; prints the table of docs/performance.md. SECONDS_EACH, ROUNDS, ONLY and SERVER are passed on
# to crates/server/benches/writes, where they are explained.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/postgres.sh

# Settings of whoever calls this are not for the server.
unset "${!WAYPOST_@}"

# As Debian starts it: every commit waits for the disk.
postgres_settings=(-c fsync=on -c synchronous_commit=on -c full_page_writes=on)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/waypost-writes-XXXXXX") postgres=''

tidy() {
    if [[ -n $postgres ]]; then
        kill -INT "$postgres" 2>/dev/null || true
        wait "$postgres" 2>/dev/null || true
    fi
    rm -rf "$scratch"
}
trap tidy EXIT

start_postgres >&2
POSTGRES=$WAYPOST_TEST_POSTGRES cargo bench --locked -p server --bench writes
