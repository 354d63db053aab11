#!/usr/bin/env bash
# Runs every operation of Short.io's official SDK against the built server, started in an empty
# folder with a key of its own; WAYPOST_DATABASE_URL chooses its database. With `install` it only
# brings the SDK.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

sdk=$PWD/tests/shortio-sdk
waypost=$(realpath -m "${CARGO_TARGET_DIR:-target}")/${PROFILE:-release}/waypost
database=${WAYPOST_DATABASE_URL:-}
server='' folder=''

main() {
    command -v npm >/dev/null || fail 'the SDK comes from npm: install Node 20 or newer'
    install
    [[ ${1-} != install ]] || return 0
    [[ -x $waypost ]] || fail "there is no server at $waypost: build it with \`make build\`"
    trap tidy EXIT
    folder=$(mktemp -d "${TMPDIR:-/tmp}/waypost-sdk-XXXXXX")
    local port key
    port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
    unset "${!WAYPOST_@}"
    export WAYPOST_DATABASE_URL=${database:-sqlite://$folder/waypost.db} WAYPOST_DATA_DIR=$folder/data
    export WAYPOST_LISTEN=127.0.0.1:$port WAYPOST_PUBLIC_URL=http://localhost:$port
    cd "$folder"
    key=$("$waypost" key create sdk 2>"$folder/log" | tail -n 1) || fail "$(cat "$folder/log")"
    "$waypost" serve >"$folder/log" 2>&1 &
    server=$!
    wait_until_ready "$port"
    WAYPOST_URL=http://localhost:$port WAYPOST_KEY=$key node "$sdk/run.mjs"
}

# npm is asked only where what is installed is not what the lock file says.
install() {
    local stamp=$sdk/node_modules/.waypost
    cmp -s "$sdk/package-lock.json" "$stamp" && return
    npm ci --prefix "$sdk" --no-audit --no-fund --loglevel=error ||
        fail 'could not install the SDK: `npm ci` needs the network once'
    cp "$sdk/package-lock.json" "$stamp"
}

wait_until_ready() {
    local try
    for ((try = 0; try < 300; try++)); do
        kill -0 "$server" 2>/dev/null || break
        node -e 'fetch(process.argv[1]).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))' \
            "http://127.0.0.1:$1/readyz" && return
        sleep 0.1
    done
    fail "the server did not start: $(cat "$folder/log")"
}

fail() {
    echo "shortio-sdk: $1" >&2
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
