#!/usr/bin/env bash
# A ledger of a million activations compared with an empty one: each command on both in turn, the median of the rounds, and the ratio.
#   benches/million.sh [COUNT [ROUNDS [FOLDER]]]     an existing ledger in FOLDER is reused
set -euo pipefail
cd "$(dirname "$0")/.."
count=${1:-1000000} rounds=${2:-7} folder=${3:-${TMPDIR:-/tmp}/airlatch-million-$count}
airlatch=${AIRLATCH:-$PWD/target/release/airlatch} catalog=$PWD/benches/catalog.toml

if [ -z "${AIRLATCH:-}" ]; then cargo build --release --locked --quiet; fi
mkdir -p "$folder/out"
# Two desks: a ledger with one order, and one with COUNT activations.
desk() {
    if [ -e "$folder/$1/made" ]; then return; fi
    rm -rf "${folder:?}/$1"
    mkdir -p "$folder/out"
    "$airlatch" desk init "$folder/$1" --vendor Bench --no-passphrase >"$folder/out/init"
    cp "$catalog" "$folder/$1/catalog.toml"
    if [ "$2" -gt 0 ]; then cargo bench --locked --quiet --bench million -- "$folder/$1" "$2"; fi
    "$airlatch" order new LAST --product phone --line video=10000 --line lines=10000 --permanent --yes --desk "$folder/$1" \
        --json | grep -o '"code": "[^"]*"' | head -n 1 | cut -d'"' -f4 >"$folder/$1/code"
    # The unit that every look is about: by its order it is no different from any other.
    issue "$1" 00:04:f2:ff:ff:fe
    touch "$folder/$1/made"
}
issue() {
    "$airlatch" issue --code "$(cat "$folder/$1/code")" --mac "$2" --feature lines=1 --yes --desk "$folder/$1" \
        --out "$folder/out/license" --force >"$folder/out/issue"
}
desk full "$count"
desk empty 0

# A new MAC for each issue, the same in both ledgers; the number continues over calls of this script.
next=$(cat "$folder/next" 2>/dev/null || echo 0)
fresh() { printf '00:04:f2:fe:%02x:%02x' $(($next / 256)) $(($next % 256)); }
once() {
    local what=$1 desk=$2
    shift 2
    case $what in
        issue) issue "$desk" "$(fresh)" ;;
        plan) "$airlatch" issue --code "$(cat "$folder/$desk/code")" --mac "$(fresh)" --feature lines=1 --dry-run \
            --desk "$folder/$desk" ;;
        balance) "$airlatch" ledger balance --desk "$folder/$desk" ;;
        balance-of-code) "$airlatch" ledger balance --code "$(cat "$folder/$desk/code")" --desk "$folder/$desk" ;;
        activations) "$airlatch" ledger activations --unit 00:04:f2:ff:ff:fe --desk "$folder/$desk" ;;
        licenses) "$airlatch" ledger licenses --unit 00:04:f2:ff:ff:fe --desk "$folder/$desk" ;;
        reprint) "$airlatch" ledger reprint --unit 00:04:f2:ff:ff:fe --product phone --desk "$folder/$desk" ;;
        order) "$airlatch" order show LAST --desk "$folder/$desk" ;;
    esac >"$folder/out/once"
}
now() { date +%s%N; }
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

printf '%-16s %10s %10s %7s\n' command 'empty ms' 'full ms' ratio
for what in issue plan balance balance-of-code activations licenses reprint order; do
    once "$what" empty && next=$((next + 1)) && once "$what" full
    : >"$folder/out/times-empty" && : >"$folder/out/times-full"
    for ((round = 0; round < rounds; round++)); do
        next=$((next + 1))
        for desk in empty full; do
            began=$(now)
            once "$what" "$desk"
            echo $((($(now) - began) / 1000)) >>"$folder/out/times-$desk"
        done
    done
    echo $((next + 1)) >"$folder/next"
    empty=$(median <"$folder/out/times-empty") full=$(median <"$folder/out/times-full")
    awk -v what="$what" -v e="$empty" -v f="$full" 'BEGIN { printf "%-16s %10.1f %10.1f %7.2f\n", what, e / 1000, f / 1000, f / e }'
done

if [ "${AUDIT:-yes}" = yes ]; then
    if [ -x /usr/bin/time ]; then
        /usr/bin/time -f 'audit: %e s, %U s user, %M KiB at most' "$airlatch" ledger audit --desk "$folder/full"
    else
        time "$airlatch" ledger audit --desk "$folder/full"
    fi
fi
