#!/usr/bin/env bash
# `batch` on a ledger beside the same work without one: formatting, signing and writing on two threads. A file for each
# license, on a file system in memory; in turn, the median of the rounds, and the ratio.
#   benches/batch.sh [COUNT [ROUNDS [FOLDER]]]
set -euo pipefail
cd "$(dirname "$0")/.."
count=${1:-10000} rounds=${2:-5} folder=${3:-/dev/shm/airlatch-batch}
airlatch=$PWD/target/release/airlatch catalog=$PWD/benches/catalog.toml

cargo build --release --locked --quiet
cargo bench --locked --quiet --no-run --bench batch
rm -rf "$folder" && mkdir -p "$folder/desk-once"
trap 'rm -rf "$folder"' EXIT
"$airlatch" desk init "$folder/desk-once" --vendor Bench --no-passphrase >"$folder/out"
cp "$catalog" "$folder/desk-once/catalog.toml"
"$airlatch" order new B-0 --product phone --line video=$((2 * count)) --line lines=$((2 * count)) --permanent --customer ACME \
    --desk "$folder/desk-once" >"$folder/out"
code=$("$airlatch" order show B-0 --desk "$folder/desk-once" --json | grep -o '"code": "[^"]*"' | head -n 1 | cut -d'"' -f4)
awk -v n="$count" 'BEGIN { for (i = 0; i < n; i++) printf "N%d\t0004f2%06x\n", i, i }' >"$folder/list.tsv"

now() { date +%s%N; }
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
ours() {
    rm -rf "$folder/desk" && cp -r "$folder/desk-once" "$folder/desk"
    local began
    began=$(now)
    "$airlatch" batch "$folder/list.tsv" --code "$code" --out-dir "$folder/files" --yes --desk "$folder/desk" >"$folder/out"
    echo $((($(now) - began) / 1000)) >>"$folder/times-ours"
    rm -rf "$folder/files"
}
reference() {
    mkdir "$folder/files"
    cargo bench --locked --quiet --bench batch -- "$count" "$folder/files" | awk '{ print int($1 * 1000000) }' \
        >>"$folder/times-reference"
    rm -rf "$folder/files"
}
for ((round = 0; round < rounds; round++)); do
    reference
    ours
done
ours=$(median <"$folder/times-ours") reference=$(median <"$folder/times-reference")
awk -v n="$count" -v o="$ours" -v r="$reference" 'BEGIN {
    printf "%d licenses: batch %.2f s (%.0f a second), reference %.2f s (%.0f a second), ratio %.2f\n",
        n, o / 1e6, n / o * 1e6, r / 1e6, n / r * 1e6, o / r }'
if [ -x /usr/bin/time ]; then
    rm -rf "$folder/desk" && cp -r "$folder/desk-once" "$folder/desk"
    /usr/bin/time -f 'batch: %U s user, %S s system, %M KiB at most' \
        "$airlatch" batch "$folder/list.tsv" --code "$code" --out-dir "$folder/files" --yes --desk "$folder/desk" >"$folder/out"
fi
