#!/bin/sh
# From an order to a verified license on this machine, then a small batch: each step as a person would type it.
# One folder stands for the USB stick, two others for the homes of desk and host. All files are in a temporary folder.
# AIRLATCH=PROGRAM uses that program instead of building one; RUNNER runs it, as in RUNNER=qemu-aarch64-static.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
if [ -z "${AIRLATCH:-}" ]; then
    (cd "$here" && cargo build --release --locked)
    AIRLATCH=${CARGO_TARGET_DIR:-$here/target}/release/airlatch
fi
airlatch() { ${RUNNER:-} "$AIRLATCH" "$@"; }

trip=$(mktemp -d)
trap 'rm -rf "$trip"' EXIT INT TERM HUP
cd "$trip"
mkdir host stick
export AIRLATCH_HOME="$trip/host/home" AIRLATCH_DESK="$trip/desk"

step() { printf '\n# %s\n' "$1"; }
type_() {
    printf '$ %s\n' "$*"
    "$@"
}

step 'Once, at the desk: keys, a catalog of what is sold, a ledger.'
type_ airlatch desk init desk --no-passphrase --vendor ACME
cp "$here/samples/catalog.toml" desk/catalog.toml
if airlatch id --json | grep -q '"class": "container"'; then
    step 'This is a container, which the sample does not allow. This desk does, and is warned what that means.'
    type_ sed -i 's/^allow .*/allow = ["virtual", "container"]/' desk/catalog.toml
fi
type_ airlatch catalog check
cp desk/keys/desk.pub stick/

step 'At the desk: two orders are booked.'
type_ airlatch order new 4711 --product call-services --version 3.6 --line sessions=100 --line voicemail --term '1 year' \
    --customer 'Example Hospital' --yes
type_ airlatch order new 4712 --product phone --line video=10 --permanent --customer 'Example Hospital' --yes

step 'At the host, without a network: who am I, and a request for the stick.'
type_ airlatch id
type_ airlatch request --product call-services --feature sessions=40 --out stick/host.request

step 'At the desk: the request becomes a license, charged to the order.'
weak=
if ! refusal=$(airlatch issue --code 4711 stick/host.request --dry-run 2>&1) && [ "${refusal%'[weak-host]'}" != "$refusal" ]; then
    printf '%s\n' '$ airlatch issue --code 4711 stick/host.request --dry-run' "$refusal"
    step 'This host shows too little hardware (not root, or a container): a weak lock is accepted for this license alone.'
    weak=--weak-lock
fi
type_ airlatch issue --code 4711 stick/host.request --out stick/host.license --yes $weak

step 'The stick got lost: the same license once more, and nothing is charged.'
rm stick/host.license
type_ airlatch issue --code 4711 stick/host.request --out stick/host.license --yes

step 'At the host again: install it, and ask whether forty sessions are licensed.'
type_ airlatch install stick/host.license --trust stick/desk.pub
type_ airlatch verify --feature sessions=40
type_ airlatch status

step 'At the desk: the license files of four telephones, from a list of MAC addresses.'
type_ airlatch batch "$here/samples/macs.tsv" --code 4712 --out-dir licenses --name '{mac}-license.cfg' --yes
type_ airlatch verify licenses/0004f1144bd4-license.cfg --trust stick/desk.pub --mac 0004f1144bd4 --feature video

step 'What is left, and does the book add up?'
type_ airlatch ledger balance
type_ airlatch ledger audit

step 'Done: one license verified on this machine, four more for telephones, every seat accounted for.'
