//! The probe on captured hosts, on damaged copies of them, and on this machine.

use std::fs;
use std::path::Path;

use airlatch_core::model::{Absence, HostClass, HostIdentity};
use airlatch_core::model::{
    ComponentKind, ComponentKind::Board, ComponentKind::Disk, ComponentKind::Instance, ComponentKind::Name,
    ComponentKind::Net, ComponentKind::Nic, ComponentKind::Os, ComponentKind::System,
};

use airlatch_machine::platform;

use crate::common::captured_room::{Copy, absence, captured, placeholder, probe};
use crate::common::child::arguments;

#[test]
fn a_workshop_machine_shows_all_five() {
    let found = probe(&captured("workshop-a"));
    assert_eq!(found.class, HostClass::BareMetal);
    assert_eq!(found.absent, []);
    let get = |kind| found.components.get(kind);
    assert_eq!(get(Os), ["0b5d1c2f9a7e4c6d8f3a1e2b4c5d6e7f"]);
    assert_eq!(get(System), ["4c4c4544-0051-3010-8052-b4c04f4e4d32"]);
    assert_eq!(get(Board), ["/5Q0RNM2/CNWS20088B01XY/"]);
    assert_eq!(get(Nic), ["001b21d4e5f6", "3c2c30a1b2c3"]);
    assert_eq!(get(Disk), ["t10.ATA Samsung SSD 860 EVO 500GB S3Z8NB0K123456A"]);
}

#[cfg(unix)]
#[test]
fn another_machine_shows_five_others() {
    let found = probe(&captured("clinic-b"));
    assert_eq!((found.class, found.absent), (HostClass::BareMetal, vec![]));
    let get = |kind| found.components.get(kind);
    assert_eq!(get(Os), ["77c0ffee12344567890abcdef0123456"]);
    assert_eq!(get(System), ["6f0a1b2c-3d4e-11e9-8a5b-901b0e7f6a5d"]);
    assert_eq!(get(Board), ["56412378"]);
    assert_eq!(get(Nic), ["901b0e7f6a5d"]);
    assert_eq!(get(Disk), ["S4EVNF0M 987654T"]);
    let other = probe(&captured("workshop-a")).components;
    for kind in ComponentKind::HARDWARE {
        assert_ne!(found.components.get(kind), other.get(kind), "{kind}");
    }
}

#[test]
fn a_virtual_machine_shows_its_settings() {
    let found = probe(&captured("kvm-guest"));
    assert_eq!(found.class.evidence(), Some("the firmware says `QEMU Standard PC (Q35 + ICH9, 2009)`"));
    assert_eq!(found.class.word(), "virtual");
    assert_eq!(found.components.kinds().collect::<Vec<_>>(), [Os, Net]);
    assert_eq!(found.components.get(Net), ["525400123456"]);
    assert_eq!(absence(&found, System), placeholder("00000000-0000-0000-0000-000000000000"));
    assert_eq!(absence(&found, Name), placeholder("localhost"));
    assert_eq!(absence(&found, Instance), Absence::Missing);
}

#[test]
fn a_container_shows_next_to_nothing() {
    let found = probe(&captured("container"));
    assert_eq!(found.class, HostClass::Container("/.dockerenv exists".into()));
    assert_eq!(found.components.kinds().collect::<Vec<_>>(), [Net]);
    assert_eq!(absence(&found, Os), placeholder("uninitialized"));
    assert_eq!(absence(&found, System), Absence::Shared("the machine below"));
    assert_eq!(absence(&found, Name), placeholder("3f2a9c1b7d5e"));
    assert_eq!(absence(&found, Instance), Absence::Missing);
}

#[test]
fn a_makers_fillers_are_absent() {
    let found = probe(&captured("placeholder-dmi"));
    assert_eq!(found.class, HostClass::BareMetal);
    assert_eq!(found.components.kinds().collect::<Vec<_>>(), [Os, Nic, Disk]);
    assert_eq!(absence(&found, System), placeholder("03000200-0400-0500-0006-000700080009"));
    assert_eq!(absence(&found, Board), placeholder("To be filled by O.E.M."));
}

#[cfg(unix)]
#[test]
fn the_components_below_a_bond_and_a_raid_are_found() {
    let found = probe(&captured("bonded"));
    assert_eq!(found.components.get(Nic), ["3cecef010203", "3cecef010204"]);
    assert_eq!(found.components.get(Disk), ["naa.5000cca20A", "naa.5000cca20B"]);
}

#[cfg(unix)]
#[test]
fn an_arm_board_shows_its_device_tree() {
    let found = probe(&captured("no-dmi"));
    assert_eq!(found.class, HostClass::BareMetal);
    assert_eq!(absence(&found, System), Absence::Missing);
    assert_eq!(found.components.get(Board), ["1000000012ab34cd"]);
    assert_eq!(found.components.get(Disk), ["0x1a2b3c4d"]);
}

#[test]
fn every_placeholder_is_absent() {
    let host = Copy::of("workshop-a", "placeholders");
    for filler in [
        "None",
        "Not Specified",
        "Not Applicable",
        "N/A",
        "Unknown",
        "Default string",
        "To be filled by O.E.M.",
        "to be filled by o.e.m.",
        "System Serial Number",
        "Chassis Serial Number",
        "0",
        "00000000",
        "0123456789",
        "123456789",
        "INVALID",
        "XXXXXXXXXX",
    ] {
        host.set("sys/class/dmi/id/board_serial", &format!("{filler}\n"));
        host.set("sys/block/sda/device/wwid", &format!("  {filler} \n"));
        let found = host.probe();
        assert_eq!(absence(&found, Board), placeholder(filler));
        assert_eq!(absence(&found, Disk), placeholder(filler));
    }
    for uuid in [
        "00000000-0000-0000-0000-000000000000",
        "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
        "03000200-0400-0500-0006-000700080009",
    ] {
        host.set("sys/class/dmi/id/product_uuid", uuid);
        assert_eq!(absence(&host.probe(), System), placeholder(&uuid.to_lowercase()));
    }
    for path in ["sys/class/dmi/id/board_serial", "sys/class/dmi/id/product_uuid", "etc/machine-id"] {
        host.set(path, " \n");
    }
    let found = host.probe();
    for kind in [Board, System, Os] {
        assert_eq!(absence(&found, kind), Absence::Missing, "{kind}");
    }
}

#[test]
fn every_virtual_address_is_absent() {
    let host = Copy::of("clinic-b", "addresses");
    for mac in [
        "00:00:00:00:00:00",
        "ff:ff:ff:ff:ff:ff",
        "01:00:5e:00:00:01",
        "92:1b:0e:7f:6a:5d",
        "52:54:00:00:00:01",
        "00:16:3e:00:00:01",
        "08:00:27:00:00:01",
        "00:0c:29:00:00:01",
        "00:50:56:00:00:01",
        "00:15:5d:00:00:01",
        "02:42:ac:11:00:02",
    ] {
        host.set("sys/class/net/eth0/address", mac);
        assert_eq!(absence(&host.probe(), Nic), placeholder(mac));
    }
    for (file, value) in
        [("type", "24"), ("addr_assign_type", "1"), ("addr_assign_type", "3"), ("tun_flags", "0x1")]
    {
        let host = Copy::of("clinic-b", file);
        assert_eq!(
            host.set(&format!("sys/class/net/eth0/{file}"), value).probe().components.get(Nic),
            [""; 0]
        );
    }
}

#[test]
fn a_machine_id_has_its_form() {
    let host = Copy::of("workshop-a", "machine-id");
    for (text, expected) in [
        ("", Absence::Missing),
        ("uninitialized\n", placeholder("uninitialized")),
        ("00000000000000000000000000000000\n", placeholder(&"0".repeat(32))),
        (
            "0b5d1c2f9a7e4c6d8f3a1e2b4c5d6e7f junk\n",
            Absence::Unreadable("it is not 32 hexadecimal digits".into()),
        ),
        ("0b5d1c2f9a7e4c6d8f3a1e2b4c5d6e\n", Absence::Unreadable("it is not 32 hexadecimal digits".into())),
        ("0b5d1c2f9a7e4c6d\n8f3a1e2b4c5d6e7f\n", Absence::Unreadable("it holds control characters".into())),
    ] {
        assert_eq!(absence(&host.set("etc/machine-id", text).probe(), Os), expected, "{text:?}");
    }
    host.set("etc/machine-id", &"a".repeat(5000));
    assert_eq!(absence(&host.probe(), Os), Absence::Unreadable("it is longer than 4 KiB".into()));
    host.set("etc/machine-id", "0B5D1C2F9A7E4C6D8F3A1E2B4C5D6E7F\n");
    assert_eq!(host.probe().components.get(Os), ["0b5d1c2f9a7e4c6d8f3a1e2b4c5d6e7f"]);
    // Only the copy of D-Bus.
    host.set("etc/machine-id", "").set("var/lib/dbus/machine-id", "1b5d1c2f9a7e4c6d8f3a1e2b4c5d6e7f\n");
    assert_eq!(host.probe().components.get(Os), ["1b5d1c2f9a7e4c6d8f3a1e2b4c5d6e7f"]);
}

#[test]
fn names_and_order_of_cards_and_disks_have_no_effect() {
    let before = probe(&captured("workshop-a"));
    let host = Copy::of("workshop-a", "renamed");
    let net = |name: &str| host.0.join("sys/class/net").join(name);
    fs::rename(net("eno1"), net("zz0")).unwrap();
    fs::rename(net("enp2s0"), net("eno1")).unwrap();
    fs::rename(net("zz0"), net("eth7")).unwrap();
    let block = |name: &str| host.0.join("sys/block").join(name);
    fs::rename(block("sda"), block("sdc")).unwrap();
    for part in ["1", "2"] {
        fs::rename(block("sdc").join(format!("sda{part}")), block("sdc").join(format!("sdc{part}"))).unwrap();
    }
    assert_eq!(host.probe(), before);
}

#[test]
fn an_empty_root_shows_nothing() {
    let host = Copy::of("container", "empty");
    fs::remove_dir_all(&host.0).unwrap();
    let found = host.probe();
    assert_eq!((found.class, found.absent.len()), (HostClass::BareMetal, 5));
}

#[cfg(unix)]
#[test]
fn a_pipe_or_a_folder_in_the_place_of_a_file_does_not_hang() {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    let host = Copy::of("workshop-a", "pipe");
    for path in ["etc/machine-id", "sys/class/dmi/id/board_serial", "proc/self/mountinfo", "proc/cpuinfo"] {
        fs::remove_file(host.0.join(path)).unwrap();
        mknodat(CWD, host.0.join(path), FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
    }
    fs::remove_file(host.0.join("sys/class/dmi/id/product_uuid")).unwrap();
    fs::create_dir(host.0.join("sys/class/dmi/id/product_uuid")).unwrap();
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || sender.send((host.probe(), host)));
    let (found, _host) = receiver.recv_timeout(std::time::Duration::from_secs(20)).expect("the probe hangs");
    assert_eq!(absence(&found, Os), Absence::Unreadable("it is not a file".into()));
    assert_eq!(absence(&found, System), Absence::Unreadable("it is not a file".into()));
    assert_eq!(absence(&found, Disk), Absence::Missing);
}

/// What it says is read in its own root, wherever its links lead.
#[cfg(target_os = "linux")]
#[test]
fn no_link_leads_out_of_a_captured_host() {
    use std::os::unix::fs::symlink;
    let host = Copy::of("workshop-a", "links");
    let before = host.probe();
    let outside = Copy::of("container", "links-outside");
    outside.set("secrets/kubernetes.io/token", "");
    fs::create_dir_all(host.0.join("var")).unwrap();
    symlink(&outside.0, host.0.join("var/run")).unwrap();
    assert_eq!(host.probe(), before);
    host.set("secrets/kubernetes.io/token", "").remove("var/run");
    symlink("/", host.0.join("var/run")).unwrap();
    assert_eq!(host.probe().class, HostClass::Container("/var/run/secrets/kubernetes.io exists".into()));
    host.remove("var/run").rename("sys/class/net", "sys/net");
    symlink("/sys/net", host.0.join("sys/class/net")).unwrap();
    assert_eq!(host.probe(), before);
}

#[cfg(unix)]
#[test]
fn what_this_user_may_not_read_is_denied() {
    use std::os::unix::fs::PermissionsExt;
    let host = Copy::of("workshop-a", "denied");
    let serial = host.0.join("sys/class/dmi/id/board_serial");
    fs::set_permissions(&serial, PermissionsExt::from_mode(0o000)).unwrap();
    if fs::read(&serial).is_ok() {
        // Root reads everything: ask as somebody else, in a process of its own.
        fs::set_permissions(&host.0, PermissionsExt::from_mode(0o755)).unwrap();
        let program = host.0.join("program");
        fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
        let output = std::process::Command::new("setpriv")
            .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
            .arg(&program)
            .args(arguments(module_path!(), "child_is_denied"))
            .env("AIRLATCH_TEST_ROOM", &host.0)
            .output();
        let Ok(output) = output else {
            assert!(std::env::var_os("AIRLATCH_REQUIRE_TOOLS").is_none(), "setpriv is not installed");
            println!("skipped: setpriv is not installed");
            return;
        };
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains("1 passed"), "{output:?}");
        return;
    }
    assert_eq!(absence(&host.probe(), Board), Absence::Denied);
}

/// What not every user may read is left out where a product of another user is to find its license.
#[cfg(unix)]
#[test]
fn what_not_every_user_may_read_is_told_and_left_out() {
    use std::os::unix::fs::PermissionsExt;
    let host = Copy::of("workshop-a", "restricted");
    let identity = |any_user| HostIdentity { any_user, ..HostIdentity::default() };
    assert_eq!(platform::restricted(&host.0, &identity(false)), []);
    for (path, mode) in [("product_uuid", 0o400), ("board_serial", 0o440)] {
        let path = host.0.join("sys/class/dmi/id").join(path);
        fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
    }
    assert_eq!(platform::restricted(&host.0, &identity(false)), [System, Board]);
    let found = platform::probe(&host.0, &identity(true));
    assert_eq!(found.components.kinds().collect::<Vec<_>>(), [Os, Nic, Disk]);
    assert_eq!((absence(&found, System), absence(&found, Board)), (Absence::Denied, Absence::Denied));
    assert_eq!(platform::restricted(&host.0, &identity(true)), []);
    // A captured file without any permission could not be read on its host: root can't read it here either.
    fs::set_permissions(host.0.join("etc/machine-id"), PermissionsExt::from_mode(0o000)).unwrap();
    assert_eq!(absence(&host.probe(), Os), Absence::Denied);
}

#[test]
#[ignore = "run by another test, as another user"]
fn child_is_denied() {
    let root = std::env::var_os("AIRLATCH_TEST_ROOM").expect("only run by another test");
    assert_eq!(absence(&probe(Path::new(&root)), Board), Absence::Denied);
}

#[test]
fn this_machine_can_be_probed() {
    let found = probe(Path::new("/"));
    let absent = found.absent.iter().map(|(kind, _)| *kind);
    let mut kinds: Vec<_> = found.components.kinds().chain(absent).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, HostIdentity::default().profile(&found.class).kinds(), "{found:?}");
    assert_eq!(found, probe(Path::new("/")));
    println!("{found:#?}");
}
