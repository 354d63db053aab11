#!/usr/bin/env bash
# Plays every flow of the dashboard in a real browser against the built server, which carries the
# dashboard; WAYPOST_DATABASE_URL chooses its database.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ ! -d node_modules ]]; then
    echo 'the dashboard is not built: make build' >&2
    exit 1
fi
exec npx vitest run --config tests/browser/vitest.config.ts "$@"
