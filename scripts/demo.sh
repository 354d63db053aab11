#!/usr/bin/env bash
# Runs the demonstration against the built server; WAYPOST_DATABASE_URL chooses its database.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

command -v python3 >/dev/null || { echo "demo: install python3 (Debian: apt install python3)" >&2; exit 1; }
exec python3 tests/demo/run.py
