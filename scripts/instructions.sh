#!/bin/sh
# Counts the instructions of decisions and of whole redirects under callgrind and compares them with
# the recorded ones: more than 5 % over is an error. `scripts/instructions.sh record` records them
# anew; ONLY=NAME counts one scenario alone.
set -eu
cd "$(dirname "$0")/.."

times=100 # as in the benches

if ! command -v valgrind >/dev/null; then
    echo "valgrind is not installed" >&2
    [ "$(id -u)" = 0 ] || { echo "install it: apt-get install valgrind" >&2; exit 1; }
    echo "installing it by apt-get" >&2
    apt-get update -qq && apt-get install -qq -y valgrind >/dev/null
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Counts the scenarios of one crate's bench and compares them with what lies beside it.
count() {
    crate=$1 recorded=crates/$1/benches/instructions.txt
    bench=$(cargo bench -q --locked -p "$crate" --bench instructions --no-run --message-format=json |
        sed -n '/"kind":\["bench"\]/s/.*"executable":"\([^"]*\)".*/\1/p' | tail -n 1)

    "$bench" > "$scratch/list"
    while IFS="$(printf '\t')" read -r name what; do
        [ -z "${ONLY-}" ] || [ "$ONLY" = "$name" ] || continue
        # A server has threads, and valgrind runs them one at a time: on a slow machine one may wait too
        # long for another, which says nothing of what is counted.
        tries=0
        until valgrind --tool=callgrind --fair-sched=try --toggle-collect="instructions::counted_*" \
            --callgrind-out-file=/dev/null "$bench" "$name" "$what" > "$scratch/log" 2>&1 < /dev/null
        do
            tries=$((tries + 1))
            [ "$tries" -lt 4 ] || { cat "$scratch/log" >&2; exit 1; }
        done
        total=$(sed -n 's/.*Collected : *\([0-9]*\).*/\1/p' "$scratch/log")
        printf '%s\t%s\t%s\n' "$name" "$what" $((total / times))
    done < "$scratch/list" > "$scratch/now"

    if [ "${2-}" = record ]; then
        cp "$scratch/now" "$recorded"
    fi

    awk -F '\t' '
        NR == FNR { before[$1 FS $2] = $3; next }
        {
            was = before[$1 FS $2]
            verdict = was == "" ? "not recorded" : was * 1.05 < $3 ? "OVER" : ""
            if (verdict != "") bad = 1
            printf "%-26s %-8s %8d %8s  %s\n", $1, $2, $3, was, verdict
        }
        END {
            if (bad) {
                print "\nmore than 5 % over what is recorded. If that is the price of something worth it,"
                print "record anew with: scripts/instructions.sh record"
            }
            exit bad
        }' "$recorded" "$scratch/now"
}

failed=0
for crate in targeting server; do
    count "$crate" "$@" || failed=1
done
exit "$failed"
