//! The probe in a network of its own, with veth pairs, a bridge and a tap that the kernel really made.

use std::fs;
use std::path::Path;
use std::process::Command;

use airlatch_core::model::{ComponentKind::Net, ComponentKind::Nic};

use crate::common::captured_room::{Copy, captured, probe};
use crate::common::child::full_name;

/// Shows what the kernel made below the captured hosts `$BARE` and `$IN`, beside their own cards.
const SCRIPT: &str = r#"
set -e
mount -t sysfs sysfs /sys
ip link add veth0 type veth peer name veth1
ip link add name br0 type bridge
ip link set veth1 address 02:42:ac:11:00:08
ip link set veth1 master br0
ip tuntap add tap0 mode tap
ip link set tap0 address 02:42:ac:11:00:09
ip link add given0 address 02:42:ac:11:00:07 type veth peer name veth3
show() { mkdir -p "$1/sys/class/net/$3" && mount --bind "$(readlink -f "/sys/class/net/$2")" "$1/sys/class/net/$3"; }
for name in veth0 veth1 br0 tap0 given0; do show "$BARE" "$name" "$name"; done
show "$IN" veth1 veth1
show "$IN" br0 br0
show "$IN" tap0 tap0
show "$IN" given0 eth0
printf made > "$BARE/made"
exec "$PROGRAM" --exact --ignored --nocapture "$CHILD"
"#;

fn skip(what: &str) {
    assert!(std::env::var_os("AIRLATCH_REQUIRE_TOOLS").is_none(), "{what} is not there");
    println!("skipped: {what} is not there");
}

#[test]
fn veth_pairs_are_no_hardware_and_a_container_has_the_one_it_was_given() {
    let (bare, inside) =
        (Copy::of("workshop-a", "network-bare"), Copy::of("container-pass-through", "network-in"));
    inside.remove("sys/class/net/eth0");
    let output = Command::new("unshare")
        .args(["-Urnm", "sh", "-c", SCRIPT])
        .env("BARE", &bare.0)
        .env("IN", &inside.0)
        .env("PROGRAM", std::env::current_exe().unwrap())
        .env("CHILD", full_name(module_path!(), "child_in_a_network"))
        .output();
    let Ok(output) = output else { return skip("unshare") };
    if !bare.0.join("made").exists() {
        return skip(&format!("a network of its own ({})", String::from_utf8_lossy(&output.stderr).trim()));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{output:?}");
}

#[test]
#[ignore = "run by another test, in a network of its own"]
fn child_in_a_network() {
    let root = |name: &str| std::env::var_os(name).expect("only run by another test");
    let (bare, inside) = (root("BARE"), root("IN"));
    let cards = Path::new(&bare).join("sys/class/net");
    let file = |name: &str| fs::read_to_string(cards.join(name)).unwrap().trim().to_owned();
    assert_eq!((file("veth0/addr_assign_type"), file("given0/addr_assign_type")), ("1".into(), "3".into()));
    assert!(cards.join("veth1/brport").exists() && cards.join("tap0/tun_flags").exists());
    let found = probe(Path::new(&bare));
    assert_eq!(found, probe(&captured("workshop-a")), "{:?}", found.components.get(Nic));
    let found = probe(Path::new(&inside));
    assert_eq!(found.components.get(Net), ["0242ac110007"], "{:?}", found.absent);
}
