#!/usr/bin/env bash
# The dashboard: `install` brings what it is made of, `build` makes what the server carries, `check`
# holds its code to its types, its style and its own tests, `types` writes down the API's shapes anew
# (`types check` only says whether they changed), `browser` uses it in a real browser as people do, and
# `browser all` also walks over every page in every theme and width, which takes minutes. `quick` prints
# how long the table of links takes with 100,000 of them, which says most on a machine that rests.
# `types`, `browser` and `quick` need the built server; WAYPOST_DATABASE_URL chooses its database.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd) script=dashboard
source "$root/scripts/server.sh"
source "$root/scripts/debian.sh"

dashboard=$root/dashboard
shapes=src/api/schema.d.ts

main() {
    cd "$dashboard"
    case ${1-} in
        install) install ;;
        build) install && npm run --silent build ;;
        check) install && npm run --silent check && npm run --silent test ;;
        types) install && types "${2-}" ;;
        browser) install && browser "${2-}" ;;
        quick) install && BROWSER_FILES=tests/browser/quick.ts browser all ;;
        *) fail 'say what: install, build, check, types, browser or quick' ;;
    esac
}

# npm is asked only where what is installed is not what the lock file says. Not by `npm ci`: that wants
# the lock file to list what other systems would install, which not every registry tells.
install() {
    command -v npm >/dev/null || fail 'the dashboard is built with npm: install Node 20 or newer'
    local stamp=node_modules/.waypost
    cmp -s package-lock.json "$stamp" && return
    npm install --no-save --no-audit --no-fund --loglevel=error ||
        fail 'could not install what it is made of: `npm install` needs the network once'
    cp package-lock.json "$stamp"
}

types() {
    start_server
    local made=$folder/schema.d.ts
    "$dashboard/node_modules/.bin/openapi-typescript" "$url/openapi.json" -o "$made" >/dev/null
    if [[ ${1-} != check ]]; then
        cp "$made" "$dashboard/$shapes"
    elif ! cmp -s "$made" "$dashboard/$shapes"; then
        diff "$dashboard/$shapes" "$made" | head -20 >&2
        fail 'the API has other shapes than the dashboard knows: run `scripts/dashboard.sh types`'
    fi
}

browser() {
    command -v chromium >/dev/null || from_debian chromium ||
        fail 'install a browser (Debian: apt install chromium)'
    local flows='first-start links rules statistics try what-if'
    if [[ ${1-} != all ]]; then export BROWSER_FILES="tests/browser/flows/{${flows// /,}}.ts"; fi
    WAYPOST_BINARY=$waypost npm run --silent test:browser
}

main "$@"
