#!/usr/bin/env bash
# A PostgreSQL of a test's own, which it can crash, freeze and start again: prints its URL, then obeys
# one word a line. `postgres.sh FOLDER`, whose files are the test's to remove.
set -euo pipefail
set -m
scratch=$1
cd "$(dirname "${BASH_SOURCE[0]}")/../../../.."
source scripts/postgres.sh

start_postgres >&2
echo "$WAYPOST_TEST_POSTGRES"
while read -r word; do
    case $word in
        # The hardest way to stop: what it has not written by itself is gone.
        crash) kill -QUIT "$postgres"; wait "$postgres" || true ;;
        start) run_postgres ;;
        # Each of its sessions is a process of its own.
        freeze) kill -STOP "$postgres" $(pgrep -P "$postgres") ;;
        thaw) kill -CONT "$postgres" $(pgrep -P "$postgres") ;;
    esac
    echo "$word"
done
# A test that failed may leave it frozen, or down.
kill -CONT "$postgres" $(pgrep -P "$postgres") 2>/dev/null || true
kill -INT "$postgres" 2>/dev/null || true
wait "$postgres" || true
