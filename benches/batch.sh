#!/usr/bin/env bash
# `batch` on a ledger compared with the same work without one: formatting, signing and writing on two threads. One file for
# each license, on a memory file system; alternating rounds, their median, and the ratio.
#   benches/batch.sh [COUNT [ROUNDS [FOLDER]]]     OTHER=PROGRAM measures another build of airlatch in the same rounds
set -euo pipefail
cd "$(dirname "$0")/.."
count=${1:-10000} rounds=${2:-5} folder=${3:-/dev/shm/airlatch-batch}
airlatch=${AIRLATCH:-$PWD/target/release/airlatch} catalog=$PWD/benches/catalog.toml

if [ -z "${AIRLATCH:-}" ]; then cargo build --release --locked --quiet; fi
reference=${REFERENCE:-$(cargo bench --locked --quiet --no-run --bench batch --message-format=json |
    grep -o '"executable":"[^"]*/batch-[^"]*"' | cut -d'"' -f4)}
rm -rf "$folder" && mkdir -p "$folder/desk-once"
trap 'rm -rf "$folder"' EXIT
"$airlatch" desk init "$folder/desk-once" --vendor Bench --no-passphrase >"$folder/out"
cp "$catalog" "$folder/desk-once/catalog.toml"
"$airlatch" order new B-0 --product phone --line video=$((2 * count)) --line lines=$((2 * count)) --permanent --customer ACME --yes \
    --desk "$folder/desk-once" >"$folder/out"
code=$("$airlatch" order show B-0 --desk "$folder/desk-once" --json | grep -o '"code": "[^"]*"' | head -n 1 | cut -d'"' -f4)
awk -v n="$count" 'BEGIN { for (i = 0; i < n; i++) printf "N%d\t0004f2%06x\n", i, i }' >"$folder/list.tsv"

# Wall, user and system seconds of a command, as one line of a file.
measured() {
    local times=$1 TIMEFORMAT='%R %U %S'
    shift
    { time "$@" >"$folder/out" 2>"$folder/errors"; } 2>>"$times"
}
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
batch() {
    rm -rf "$folder/files" "$folder/desk" && cp -r "$folder/desk-once" "$folder/desk"
    measured "$folder/$1" "$2" batch "$folder/list.tsv" --code "$code" --out-dir "$folder/files" --yes --desk "$folder/desk"
    rm -rf "$folder/files"
}
for ((round = 0; round < rounds; round++)); do
    mkdir "$folder/files"
    measured "$folder/least" "$reference" "$count" "$folder/files"
    batch ours "$airlatch"
    if [ -n "${OTHER:-}" ]; then batch other "$OTHER"; fi
done
row() {
    local ours least
    ours=$(awk "{ print $2 }" "$folder/ours" | median) least=$(awk "{ print $2 }" "$folder/$3" | median)
    awk -v what="$1" -v n="$count" -v o="$ours" -v r="$least" 'BEGIN {
        printf "%-12s %9.3f s %9.3f s %8.1f us %8.1f us %7.2f\n", what, o, r, o / n * 1e6, r / n * 1e6, o / r }'
}
beside() {
    printf '%-12s %11s %11s %11s %11s %7s\n' "$count lines" batch "$1" 'a line' 'a line' ratio
    row wall '$1' "$2"
    row processors '$2 + $3' "$2"
}
beside reference least
if [ -n "${OTHER:-}" ]; then beside 'other build' other; fi
if [ -x /usr/bin/time ]; then
    rm -rf "$folder/desk" && cp -r "$folder/desk-once" "$folder/desk"
    /usr/bin/time -f 'batch: %U s user, %S s system, %M KiB at most' \
        "$airlatch" batch "$folder/list.tsv" --code "$code" --out-dir "$folder/files" --yes --desk "$folder/desk" >"$folder/out"
fi
