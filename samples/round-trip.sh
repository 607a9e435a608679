#!/bin/sh
# From keys to a verified license on the machine in front of you, then a small batch: each step as a person would type it.
# A folder plays the stick, two folders play the homes of desk and host. Everything stays in a temporary folder.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
(cd "$here" && cargo build --release --locked)
PATH=${CARGO_TARGET_DIR:-$here/target}/release:$PATH

trip=$(mktemp -d)
trap 'rm -rf "$trip"' EXIT INT TERM HUP
cd "$trip"
mkdir desk host stick
cp "$here/samples/grant.toml" "$here/samples/phones.toml" "$here/samples/macs.tsv" desk/
export AIRLATCH_HOME="$trip/host/home"

step() { printf '\n# %s\n' "$1"; }
type_() {
    printf '$ %s\n' "$*"
    "$@"
}

step 'At the desk: a key pair. Its public half goes to the hosts, the private one stays.'
type_ airlatch keygen --out desk/acme --no-passphrase
cp desk/acme.pub stick/

step 'At the host, without a network: who am I, and a request for the stick.'
type_ airlatch id
type_ airlatch request --product call-services --feature sessions=40 --out stick/host.request

step 'At the desk: the request becomes a license.'
type_ airlatch issue --key desk/acme.key --grant desk/grant.toml stick/host.request --out stick/host.license --yes

step 'At the host again: install it, and ask whether forty sessions are licensed.'
type_ airlatch install stick/host.license --trust stick/acme.pub
type_ airlatch verify --feature sessions=40
type_ airlatch status

step 'At the desk: the license files of four telephones, from a list of MAC addresses.'
type_ airlatch batch --key desk/acme.key --grant desk/phones.toml desk/macs.tsv --out-dir licenses --name '{mac}-license.cfg'
type_ airlatch verify licenses/0004f1144bd4-license.cfg --trust desk/acme.pub --mac 0004f1144bd4 --feature video

step 'Done: one license verified on this machine, four more for telephones.'
