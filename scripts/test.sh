#!/usr/bin/env bash
# Runs every check; `test.sh lint` runs those alone that need no test. Starts what the tests need,
# stops it again whatever happens, and closes with one line of what passed and what failed.
#
# One profile for everything, the release one: `make run` builds it anyway, the integration tests
# and the demonstration drive that very binary, and a second profile would compile every dependency
# once more, which is most of the time that a small machine needs.
set -euo pipefail
# Each step gets a process group of its own: Ctrl-C then reaches this script alone, which ends the
# step and only then what the step was using.
set -m
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/postgres.sh

# Settings of whoever calls this are not for the tests.
unset "${!WAYPOST_@}"

passed=0 failed=0 failures=()
scratch='' job='' postgres=''

main() {
    trap tidy EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/waypost-test-XXXXXX")
    command -v cargo >/dev/null || {
        echo 'the tests need Rust: see https://rustup.rs' >&2
        exit 1
    }

    dashboard
    lint
    if [[ ${1:-} != lint ]]; then
        start_postgres
        suites
    fi

    echo
    if ((failed)); then printf 'failed: %s\n' "${failures[@]}"; fi
    echo "$passed passed, $failed failed"
    ((failed == 0))
}

# First of all: the server carries what it finds in dashboard/dist. Nobody has to have Node, or the
# network, to change a line of Rust.
dashboard() {
    if scripts/dashboard.sh install; then
        step 'dashboard: types, style and tests' scripts/dashboard.sh check
        step 'dashboard: build' scripts/dashboard.sh build
    else
        echo '== dashboard: neither built nor checked, as what it is made of is not installed'
    fi
}

lint() {
    step 'formatting' cargo fmt --all --check
    step 'lints' cargo clippy --release --all-targets --locked -- -D warnings
    # Compiling cargo-deny takes longer than all the rest, so only where it is installed.
    if command -v cargo-deny >/dev/null; then
        step 'licences and sources' cargo deny --locked check licenses bans sources
    else
        echo '== licences and sources: not checked, as cargo-deny is not installed'
    fi
}

suites() {
    if command -v cargo-nextest >/dev/null; then
        tests 'tests' cargo nextest run --release --locked --no-fail-fast
        # nextest leaves out the examples in documentation.
        tests 'documentation examples' cargo test --release --locked --doc --no-fail-fast
    else
        tests 'tests' cargo test --release --locked --no-fail-fast
    fi
    # What `make run` would start, should the tests have linked it with other features.
    step 'build' cargo build --release --locked
    # What noise cannot fool, so it need not be a benchmark.
    if command -v valgrind >/dev/null || ((EUID == 0)); then
        step 'instructions' scripts/instructions.sh
    else
        echo '== instructions: not counted, as valgrind is not installed'
    fi
    step 'demonstration on SQLite' scripts/demo.sh
    step 'demonstration on PostgreSQL' on_postgres scripts/demo.sh
    if [[ -e dashboard/dist/index.html ]]; then
        step "dashboard: the API's shapes" scripts/dashboard.sh types check
        step 'dashboard in a browser' scripts/dashboard.sh browser
    fi
    if scripts/shortio-sdk.sh install; then
        step "Short.io's SDK on SQLite" scripts/shortio-sdk.sh
        step "Short.io's SDK on PostgreSQL" on_postgres scripts/shortio-sdk.sh
    else
        echo "== Short.io's SDK: not run, as it is not installed"
    fi
    if scripts/openapi.sh install; then
        step 'OpenAPI' scripts/openapi.sh
    else
        echo '== OpenAPI: not run, as schemathesis is not installed'
    fi
}

on_postgres() {
    WAYPOST_DATABASE_URL=$WAYPOST_TEST_POSTGRES "$@"
}

# `step NAME COMMAND…` counts as one.
step() {
    if run "$@"; then ((++passed)); else fail "$1" 1; fi
}

# `tests NAME COMMAND…` counts the tests that its runner says it ran.
tests() {
    local ok=1 good=0 bad=0
    run "$@" || ok=0
    read -r good bad < <(count "$scratch/log")
    ((passed += good)) || true
    # A command that fails without a failed test did not get as far as testing.
    if ((ok == 0 && bad == 0)); then bad=1; fi
    if ((bad)); then fail "$1" "$bad"; fi
}

fail() {
    failures+=("$1")
    ((failed += $2))
}

# Shows what the command prints and keeps a copy in the scratch folder.
run() {
    local name=$1 started=$SECONDS status=0
    shift
    echo "== $name: $*"
    { "$@" 2>&1 | tee "$scratch/log"; } </dev/null &
    job=$!
    wait "$job" || status=$?
    job=''
    echo "== $name: $((SECONDS - started)) s"
    return "$status"
}

# Sums nextest's summary or cargo test's result lines: `PASSED FAILED`.
count() {
    awk '
        /^ *Summary \[/ { for (i = 2; i <= NF; i++) if ($i ~ /^tests?$/) run = $(i - 1)
                          for (i = 2; i <= NF; i++) if ($i ~ /^passed/) good = $(i - 1)
                          bad = run - good }
        /^test result: / { good += $4; bad += $6 }
        END { print good + 0, bad + 0 }
    ' "$1"
}

tidy() {
    trap '' INT TERM HUP
    if [[ -n $job ]]; then
        kill -TERM -- "-$job" 2>/dev/null || true
        wait "$job" 2>/dev/null || true
    fi
    if [[ -n $postgres ]]; then
        kill -INT "$postgres" 2>/dev/null || true
        wait "$postgres" 2>/dev/null || true
    fi
    if [[ -n $scratch ]]; then rm -rf "$scratch"; fi
}

main "$@"
