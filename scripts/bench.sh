#!/usr/bin/env bash
# Measures the built server beside nginx, and writes docs/performance.md. `bench.sh PART…` measures
# only some of: redirects, growth, start, writes, beside.
#
# SECONDS_EACH and ROUNDS make it short for trying; what is shorter than usual is printed and not
# written down.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/debian.sh

main() {
    # Where nginx is, which not everybody's PATH has.
    PATH=$PATH:/usr/sbin
    command -v python3 >/dev/null || fail 'install python3 (Debian: apt install python3)'
    bring wrk wrk
    bring nginx nginx
    bring /usr/lib/nginx/modules/ngx_http_geoip2_module.so libnginx-mod-http-geoip2
    exec python3 -B scripts/bench/run.py "$@"
}

# `bring PROGRAM PACKAGE` installs the package where the program is missing.
bring() {
    if [[ -e $1 ]] || command -v "$1" >/dev/null; then return; fi
    echo "installing $2"
    without_services from_debian "$2" ||
        fail "the benchmark needs $2, and cannot install it here: \`sudo apt install $2\`"
    # Nor when the machine starts the next time.
    if [[ $2 == nginx ]] && command -v systemctl >/dev/null; then
        as_somebody systemctl --quiet disable nginx || true
    fi
}

# Debian starts a web server as soon as it is installed, unless this file says no.
without_services() {
    local policy=/usr/sbin/policy-rc.d status=0 ours=''
    if [[ ! -e $policy ]] && printf '#!/bin/sh\nexit 101\n' | as_somebody tee "$policy" >/dev/null; then
        as_somebody chmod +x "$policy"
        ours=$policy
    fi
    "$@" || status=$?
    if [[ -n $ours ]]; then as_somebody rm -f "$ours"; fi
    return "$status"
}

as_somebody() {
    if ((EUID == 0)); then "$@"; else sudo -n "$@" 2>/dev/null; fi
}

fail() {
    echo "bench: $1" >&2
    exit 1
}

main "$@"
