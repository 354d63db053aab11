#!/usr/bin/env bash
# Holds the built server against its own OpenAPI document with schemathesis: thousands of calls, good
# and bad, of which none may be answered otherwise than the document says, and none with a 5xx.
# WAYPOST_DATABASE_URL chooses the database, PHASES what is done (examples, coverage, fuzzing). With
# `install` it only brings schemathesis.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd) script=openapi
source "$root/scripts/server.sh"

tests=$root/tests/openapi
tools=$root/tests/.venv
examples=${EXAMPLES:-5}
phases=${PHASES:-examples,coverage,fuzzing}

main() {
    install
    [[ ${1-} != install ]] || return 0
    start_server
    local found=0
    "$tools/bin/schemathesis" --config-file "$tests/schemathesis.toml" run "$url/openapi.json" \
        --url "$url" --header "Authorization: Bearer $key" --phases "$phases" \
        --max-examples "$examples" --continue-on-failure --suppress-health-check all \
        --warnings off || found=$?
    if grep -E 'panicked|could not answer an API call' "$folder/log" >&2; then
        fail 'the log tells of trouble'
    fi
    return "$found"
}

# The network is asked only where what is installed is not what is wanted.
install() {
    cmp -s "$tests/requirements.txt" "$tools/installed" && return
    command -v python3 >/dev/null || fail 'schemathesis needs Python 3.10 or newer'
    python3 -m venv "$tools" &&
        "$tools/bin/pip" install --quiet --disable-pip-version-check -r "$tests/requirements.txt" ||
        fail 'could not install schemathesis: pip needs the network once'
    cp "$tests/requirements.txt" "$tools/installed"
}

main "$@"
