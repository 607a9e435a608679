#!/bin/sh
# Runs one fuzz target on stable Rust: fuzz/run.sh TARGET [SECONDS]; the corpus stays in fuzz/corpus/TARGET.
set -eu
cd "$(dirname "$0")"
target=${1:?"which target? see fuzz_targets/"}
host=$(rustc -vV | sed -n 's/^host: //p')
mkdir -p "corpus/$target" artifacts
[ ! -d "seeds/$target" ] || cp -n "seeds/$target"/* "corpus/$target"/
RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares" \
    cargo build --release --target "$host" --bin "$target"
words=
[ ! -f "$target.dict" ] || words="-dict=$target.dict"
exec "target/$host/release/$target" -max_total_time="${2:-120}" -timeout=5 -rss_limit_mb=1024 -max_len=8192 \
    -artifact_prefix=artifacts/ $words "corpus/$target"
