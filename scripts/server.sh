# A server of our own for the tests, the built one, in an empty folder. Sourced by scripts that set
# `root` (the repository) and `script` (their own name).

waypost=$(realpath -m "${CARGO_TARGET_DIR:-$root/target}")/${PROFILE:-release}/waypost
database=${WAYPOST_DATABASE_URL:-}
server='' folder=''

# Starts it; sets `url`, `key` (which may do everything) and `folder`, whose `log` holds what it says.
# WAYPOST_DATABASE_URL chooses its database. It ends with the script.
start_server() {
    [[ -x $waypost ]] || fail "there is no server at $waypost: build it with \`make build\`"
    trap stop_server EXIT
    folder=$(mktemp -d "${TMPDIR:-/tmp}/waypost-$script-XXXXXX")
    local port try
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    url=http://localhost:$port
    unset "${!WAYPOST_@}"
    export WAYPOST_DATABASE_URL=${database:-sqlite://$folder/waypost.db} WAYPOST_DATA_DIR=$folder/data
    export WAYPOST_LISTEN=127.0.0.1:$port WAYPOST_PUBLIC_URL=$url WAYPOST_FETCH_TITLES=off
    cd "$folder"
    key=$("$waypost" key create "$script" 2>"$folder/log" | tail -n 1) || fail "$(cat "$folder/log")"
    "$waypost" serve >"$folder/log" 2>&1 &
    server=$!
    for ((try = 0; try < 300; try++)); do
        kill -0 "$server" 2>/dev/null || break
        curl -fso /dev/null "http://127.0.0.1:$port/readyz" && return
        sleep 0.1
    done
    fail "the server did not start: $(cat "$folder/log")"
}

stop_server() {
    if [[ -n $server ]]; then
        kill -TERM "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    if [[ -n $folder ]]; then rm -rf "$folder"; fi
}

fail() {
    echo "$script: $1" >&2
    exit 1
}
