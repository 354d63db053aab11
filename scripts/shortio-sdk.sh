#!/usr/bin/env bash
# Runs every operation of Short.io's official SDK against the built server, started in an empty
# folder with a key of its own; WAYPOST_DATABASE_URL chooses its database. With `install` it only
# brings the SDK.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd) script=shortio-sdk
source "$root/scripts/server.sh"

sdk=$root/tests/shortio-sdk

main() {
    command -v npm >/dev/null || fail 'the SDK comes from npm: install Node 20 or newer'
    install
    [[ ${1-} != install ]] || return 0
    start_server
    WAYPOST_URL=$url WAYPOST_KEY=$key node "$sdk/run.mjs"
}

# npm is asked only where what is installed is not what the lock file says.
install() {
    local stamp=$sdk/node_modules/.waypost
    cmp -s "$sdk/package-lock.json" "$stamp" && return
    npm ci --prefix "$sdk" --no-audit --no-fund --loglevel=error ||
        fail 'could not install the SDK: `npm ci` needs the network once'
    cp "$sdk/package-lock.json" "$stamp"
}

main "$@"
