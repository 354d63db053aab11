#!/bin/sh
# Fuzzes each target for MINUTES (1); TARGET names one. Needs cargo-fuzz and no nightly: `-s none`
# leaves out the sanitizer, which code without `unsafe` can do without.
set -eu
cd "$(dirname "$0")/.."

command -v cargo-fuzz >/dev/null || cargo install cargo-fuzz --locked --version 0.13.2
for target in ${TARGET:-decide parse request}; do
    nice -n 19 cargo fuzz run -s none "$target" -- \
        -max_total_time=$((${MINUTES:-1} * 60)) -max_len=4096 -timeout=10 -print_final_stats=1
done
