#!/usr/bin/env bash
# `verify` of a file and of the installed licenses as a process, compared with the smallest possible verify and `minisign -V`:
# wall time, instructions and peak memory; then `host::verify` compared with one signature check, in one process.
#   benches/verify.sh [ROUNDS [FOLDER]]
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-9} folder=${2:-$(realpath -m "${CARGO_TARGET_DIR:-target}")/verify-bench}

# The static build, as it is released: with musl if it is installed.
musl=x86_64-unknown-linux-musl target=x86_64-unknown-linux-gnu
if rustc --print target-libdir --target $musl 2>/dev/null | xargs ls >/dev/null 2>&1 && command -v musl-gcc >/dev/null; then
    target=$musl
else
    echo 'musl is not there: static with glibc'
    export RUSTFLAGS="${RUSTFLAGS:-} -C target-feature=+crt-static"
fi
bench() {
    cargo bench --locked --quiet --no-run --bench "$1" --target $target --message-format=json |
        grep -o "\"executable\":\"[^\"]*/$1-[^\"]*\"" | cut -d'"' -f4
}
if [ -z "${AIRLATCH:-}" ]; then cargo build --release --locked --quiet --bin airlatch --target $target; fi
airlatch=${AIRLATCH:-${CARGO_TARGET_DIR:-target}/$target/release/airlatch}
timer=${TIMER:-$(bench verify)} least=${LEAST:-$(bench verify_least)}

rm -rf "$folder" && mkdir -p "$folder"
trap 'rm -rf "$folder"' EXIT
cp "$airlatch" "$folder/airlatch" && cp "$least" "$folder/least"
cd "$folder"
export AIRLATCH_HOME=$folder/home XDG_STATE_HOME=$folder/state
cat >grant.toml <<'GRANT'
product  = "call-services"
version  = "3.6"
customer = "Example Hospital"
order    = "PO-2026-117"
term     = "1 year"

[features]
sessions  = 100
voicemail = true

[lock]
allow      = ["virtual", "container"]
GRANT
{
    ./airlatch keygen --out vendor --no-passphrase
    ./airlatch request --product call-services --out host.request
    ./airlatch issue --key vendor.key --grant grant.toml host.request --weak-lock --out host.license --yes
    ./airlatch install host.license --trust vendor.pub
    ./airlatch issue --key vendor.key --grant grant.toml --mac 00:04:f2:00:00:01 --out device.license --yes
} >out 2>&1 || { cat out && exit 1; }
echo "licenses of $(stat -c %s device.license) bytes for a device, of $(stat -c %s host.license) for this host"
commands=("least=./least vendor.pub device.license"
    "verify FILE=./airlatch verify device.license --trust vendor.pub --mac 00:04:f2:00:00:01 --home none"
    "verify installed=./airlatch verify")
if command -v minisign >/dev/null; then
    minisign -G -W -p mini.pub -s mini.key >out 2>&1
    minisign -S -s mini.key -m device.license >out 2>&1
    commands+=("minisign -V=minisign -V -q -p mini.pub -m device.license")
else
    echo 'minisign is not there: left out'
fi

printf '%-24s %12s %8s\n' process 'wall' 'of least'
"$timer" processes "$rounds" "${commands[@]}"
tools=()
if command -v valgrind >/dev/null; then tools+=(instructions); else echo 'valgrind is not there: no instructions'; fi
if [ -x /usr/bin/time ]; then tools+=(KiB); else echo '/usr/bin/time is not there: no memory'; fi
for tool in "${tools[@]}"; do
    for command in "${commands[@]}"; do
        case $tool in
            instructions) count=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null ${command#*=} 2>&1 >out |
                sed -n 's/.*Collected : //p') ;;
            KiB) count=$(/usr/bin/time -f '%M KiB' ${command#*=} 2>&1 >out | sed -n 's/ KiB$//p') ;;
        esac
        printf '%-24s %12s %s\n' "${command%%=*}" "$count" "$tool"
    done
done
for license in device host; do "$timer" library vendor.pub $license.license; done
