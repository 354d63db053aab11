#!/bin/sh
# Writes docs/accuracy.md: what Waypost says of visitors, held against what others say of them.
# Needs Node and the network. PROFILE=dev builds without optimisation.
set -eu
cd "$(dirname "$0")/.."

command -v npm >/dev/null || {
    echo 'the other parser comes from npm: install Node' >&2
    exit 1
}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

npm ci --prefix tests/accuracy --no-audit --no-fund --loglevel=error
node tests/accuracy/prepare.mjs "$scratch/corpus.tsv"
# The exit status says whether all is well; what is not stands in the document.
status=0
cargo run --quiet --locked --profile "${PROFILE:-release}" -p server --example accuracy -- \
    "$scratch/corpus.tsv" > "$scratch/accuracy.md" || status=$?
if [ -s "$scratch/accuracy.md" ]; then cp "$scratch/accuracy.md" docs/accuracy.md; fi
exit "$status"
