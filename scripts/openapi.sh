#!/usr/bin/env bash
# Holds the built server against its own OpenAPI document with schemathesis: thousands of calls, good
# and bad, of which none may be answered otherwise than the document says, and none with a 5xx.
# WAYPOST_DATABASE_URL chooses the database. With `install` it only brings schemathesis.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tests=$PWD/tests/openapi
tools=$PWD/tests/.venv
waypost=$(realpath -m "${CARGO_TARGET_DIR:-target}")/${PROFILE:-release}/waypost
database=${WAYPOST_DATABASE_URL:-}
examples=${EXAMPLES:-8}
server='' folder=''

main() {
    install
    [[ ${1-} != install ]] || return 0
    [[ -x $waypost ]] || fail "there is no server at $waypost: build it with \`make build\`"
    trap tidy EXIT
    folder=$(mktemp -d "${TMPDIR:-/tmp}/waypost-openapi-XXXXXX")
    local port key
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    unset "${!WAYPOST_@}"
    export WAYPOST_DATABASE_URL=${database:-sqlite://$folder/waypost.db} WAYPOST_DATA_DIR=$folder/data
    export WAYPOST_LISTEN=127.0.0.1:$port WAYPOST_PUBLIC_URL=http://localhost:$port
    export WAYPOST_FETCH_TITLES=off
    cd "$folder"
    key=$("$waypost" key create openapi 2>"$folder/log" | tail -n 1) || fail "$(cat "$folder/log")"
    "$waypost" serve >"$folder/log" 2>&1 &
    server=$!
    wait_until_ready "$port"
    local found=0
    "$tools/bin/schemathesis" --config-file "$tests/schemathesis.toml" run \
        "http://127.0.0.1:$port/openapi.json" --url "http://127.0.0.1:$port" \
        --header "Authorization: Bearer $key" --phases examples,coverage,fuzzing \
        --max-examples "$examples" --continue-on-failure --suppress-health-check all \
        --warnings off || found=$?
    if grep -E 'panicked|could not answer an API call' "$folder/log" >&2; then
        fail 'the log tells of trouble'
    fi
    return "$found"
}

# Asked of the network only where what is installed is not what is wanted.
install() {
    cmp -s "$tests/requirements.txt" "$tools/installed" && return
    command -v python3 >/dev/null || fail 'schemathesis needs Python 3.10 or newer'
    python3 -m venv "$tools" &&
        "$tools/bin/pip" install --quiet --disable-pip-version-check -r "$tests/requirements.txt" ||
        fail 'could not install schemathesis: pip needs the network once'
    cp "$tests/requirements.txt" "$tools/installed"
}

wait_until_ready() {
    local try
    for ((try = 0; try < 300; try++)); do
        kill -0 "$server" 2>/dev/null || break
        curl -fso /dev/null "http://127.0.0.1:$1/readyz" && return
        sleep 0.1
    done
    fail "the server did not start: $(cat "$folder/log")"
}

fail() {
    echo "openapi: $1" >&2
    exit 1
}

tidy() {
    if [[ -n $server ]]; then
        kill -TERM "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    if [[ -n $folder ]]; then rm -rf "$folder"; fi
}

main "$@"
