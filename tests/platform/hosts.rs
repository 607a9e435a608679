//! What makes a host another one, and what doesn't: captured hosts after honest changes, beside each other, and as clones.

use std::collections::BTreeMap;

use airlatch_core::crypto;
use airlatch_core::model::{
    Absence, Components, HostClass, HostIdentity, HostSetting, LockingId, NetSetting, Profile,
};
use airlatch_core::model::{
    ComponentKind, ComponentKind::Board, ComponentKind::Disk, ComponentKind::Instance, ComponentKind::Name,
    ComponentKind::Net, ComponentKind::Nic, ComponentKind::Os, ComponentKind::System, HostKind,
};
use airlatch_machine::platform::{self, Probe};

use crate::common::captured_room::{Copy, absence, captured, hosts, placeholder, probe};

type Change = fn(&Copy) -> &Copy;

fn ids(probe: &Probe) -> (&Components, LockingId) {
    (&probe.components, crypto::locking_id_of(HostKind::BareMetal, &probe.components))
}

fn with(host: &Copy, identity: &HostIdentity) -> Probe {
    platform::probe(&host.0, identity)
}

/// Rows E8 and E9 of what must not go wrong: what a reboot, an update or a technician changes without changing the machine.
const HONEST: [(&str, Change); 14] = [
    ("cards renamed", |host| {
        host.rename("sys/class/net/eno1", "sys/class/net/zz0")
            .rename("sys/class/net/enp2s0", "sys/class/net/eno1")
    }),
    ("a card down", |host| {
        host.set("sys/class/net/eno1/operstate", "down\n").set("sys/class/net/eno1/carrier", "0\n")
    }),
    ("a bond made of both cards", |host| {
        for (card, mac) in [("eno1", "3c:2c:30:a1:b2:c3"), ("enp2s0", "00:1b:21:d4:e5:f6")] {
            let permanent = ("bonding_slave/perm_hwaddr", mac);
            host.card(card, "3c:2c:30:a1:b2:c3", &[permanent, ("addr_assign_type", "3")]);
        }
        host.card("bond0", "3c:2c:30:a1:b2:c3", &[("bonding/mode", "802.3ad 4"), ("addr_assign_type", "3")])
    }),
    ("a bridge with the address of a card", |host| {
        host.card("br0", "3c:2c:30:a1:b2:c3", &[("bridge/stp_state", "0"), ("addr_assign_type", "3")])
    }),
    ("docker and a container", |host| {
        host.card("docker1", "02:42:11:22:33:44", &[("bridge/stp_state", "0"), ("addr_assign_type", "3")])
            .card("veth77", "aa:bb:cc:dd:ee:01", &[("brport/state", "3"), ("addr_assign_type", "1")])
    }),
    ("a VPN", |host| {
        host.card("tun0", "aa:bb:cc:dd:ee:02", &[("tun_flags", "0x1002"), ("addr_assign_type", "1")]).card(
            "wg0",
            "00:00:00:00:00:00",
            &[("type", "65534")],
        )
    }),
    ("a USB dongle", |host| {
        host.card("enx00e04c112233", "00:e0:4c:11:22:33", &[("addr_assign_type", "0")])
            .link("sys/class/net/enx00e04c112233/device/subsystem", "../../../../bus/usb")
    }),
    ("another random address of the Wi-Fi", |host| {
        host.set("sys/class/net/wlan0/address", "6e:00:11:22:33:44\n")
    }),
    ("a VLAN", |host| host.card("eno1.20", "3c:2c:30:a1:b2:c3", &[("addr_assign_type", "2")])),
    ("another kernel", |host| {
        host.set("proc/sys/kernel/osrelease", "7.1.0-amd64\n")
            .set("proc/cpuinfo", "processor\t: 0\nmicrocode\t: 0xf4\nflags\t\t: fpu vme avx512f\n")
    }),
    ("another BIOS", |host| host.set("sys/class/dmi/id/bios_version", "1.31.0\n")),
    ("another name, zone and network", |host| {
        host.set("proc/sys/kernel/hostname", "renamed\n")
            .set("etc/hostname", "renamed\n")
            .set("etc/timezone", "Asia/Tokyo\n")
            .set("etc/resolv.conf", "nameserver 192.0.2.1\n")
    }),
    ("disks in another order", |host| {
        host.rename("sys/block/sda", "sys/block/sdx").rename("sys/block/sdb", "sys/block/sda");
        for part in ["1", "2"] {
            host.rename(&format!("sys/block/sdx/sda{part}"), &format!("sys/block/sdx/sdx{part}"));
        }
        host.rename("sys/block/sdx", "sys/block/sdb");
        for part in ["1", "2"] {
            host.rename(&format!("sys/block/sdb/sdx{part}"), &format!("sys/block/sdb/sdb{part}"));
        }
        host
    }),
    ("a disk of data more", |host| {
        host.set("sys/block/sdz/dev", "65:144\n").set("sys/block/sdz/device/wwid", "naa.5000c5000000ffff\n")
    }),
];

#[test]
fn what_a_reboot_or_an_update_changes_has_no_effect() {
    let before = probe(&captured("workshop-a"));
    for (what, change) in HONEST {
        let host = Copy::of("workshop-a", "honest");
        assert_eq!(ids(&change(&host).probe()), ids(&before), "{what}");
    }
    let all = Copy::of("workshop-a", "all-honest");
    for (_, change) in HONEST.iter().filter(|(what, _)| !what.contains("renamed")) {
        change(&all);
    }
    assert_eq!(ids(&all.probe()), ids(&before), "all of it at once");
}

/// Row E9: of what is really replaced, just that component is another.
#[test]
fn what_is_replaced_changes_its_own_component() {
    let before = probe(&captured("workshop-a"));
    for (path, text, kind) in [
        ("sys/block/sda/device/wwid", "naa.5002538e00000009\n", Disk),
        ("sys/class/dmi/id/board_serial", "/AB12CD3/CNWS20099C02ZZ/\n", Board),
        ("sys/class/dmi/id/product_uuid", "4c4c4544-0042-3510-8057-b6c04f4d3232\n", System),
        ("sys/class/net/eno1/address", "3c:ec:ef:00:00:77\n", Nic),
        ("etc/machine-id", "b1b2b3b4c1c2c3c4d1d2d3d4e1e2e3e4\n", Os),
    ] {
        let host = Copy::of("workshop-a", "replaced");
        let after = host.set(path, text).probe();
        for other in ComponentKind::HARDWARE {
            let is_same = after.components.get(other) == before.components.get(other);
            assert_eq!(is_same, other != kind, "{path}: {other}");
        }
    }
}

/// Row E7: a clone that nobody changed is its original, in every component; all others differ in each that they show.
#[test]
fn machines_differ_in_all_they_show_and_a_clone_in_nothing() {
    let found: BTreeMap<String, Probe> =
        hosts().into_iter().map(|name| (name.clone(), probe(&captured(&name)))).collect();
    let [original, clone] = ["kvm-docker", "kvm-docker-clone"].map(|name| ids(&found[name]));
    assert_eq!(original, clone, "nothing tells a clone from its original");
    let on_one_machine = ["workshop-a", "container-pass-through"];
    for (one, this) in &found {
        for (two, that) in found.iter().filter(|(two, _)| one < *two && !two.ends_with("-clone")) {
            assert_ne!(ids(this).1, ids(that).1, "{one} and {two}");
            for kind in ComponentKind::ALL {
                let shared =
                    this.components.get(kind).iter().find(|it| that.components.get(kind).contains(it));
                let is_known = kind == Os && on_one_machine.iter().all(|it| it == one || it == two)
                    || kind == Net && one == "container" && two == "container-pass-through";
                assert!(shared.is_none() || is_known, "{one} and {two} share the {kind} {shared:?}");
            }
        }
    }
}

#[test]
fn each_kind_of_host_shows_its_profile() {
    for (host, class, kinds) in [
        ("workshop-a", "bare-metal", &[Os, System, Board, Nic, Disk][..]),
        ("clinic-server", "bare-metal", &[Os, System, Board, Nic, Disk]),
        ("xen-dom0", "bare-metal", &[Os, System, Board, Nic, Disk]),
        ("vmware", "virtual", &[Os, System, Name, Net]),
        ("virtualbox", "virtual", &[Os, System, Name, Net]),
        ("hyper-v", "virtual", &[Os, System, Name, Net]),
        ("kvm-docker", "virtual", &[Os, System, Name, Net]),
        ("wsl", "virtual", &[Os, Name]),
        ("container-pass-through", "container", &[Os, Name, Net]),
    ] {
        let found = probe(&captured(host));
        assert_eq!(found.class.word(), class, "{host}: {:?}", found.class);
        assert_eq!(found.components.kinds().collect::<Vec<_>>(), kinds, "{host}: {:?}", found.absent);
        assert_eq!(found.components.kinds().count() + found.absent.len(), 5, "{host}");
    }
    let cards = |host: &str, kind| probe(&captured(host)).components.get(kind).to_vec();
    assert_eq!(cards("clinic-server", Nic), ["9cdc71a0b1c2", "9cdc71a0b1c3"]);
    assert_eq!(cards("kvm-docker", Net), ["5254006b3c58"], "neither docker0 nor veth nor tap");
    assert_eq!(cards("hyper-v", Name), ["app1"]);
    assert_eq!(absence(&probe(&captured("wsl")), Net), Absence::Volatile("the address of eth0".into()));
}

#[test]
fn the_operator_chooses_the_profile_and_what_is_in_it() {
    let host = Copy::of("vmware", "chosen");
    let says = |identity: &HostIdentity, kind| with(&host, identity).components.get(kind).to_vec();
    let usual = HostIdentity::default();
    assert_eq!(says(&usual, Name), ["pbx-berlin"]);
    assert_eq!(says(&usual, Net), ["0050569a3b4c"]);
    let more = HostIdentity {
        host: vec![HostSetting::HostName, HostSetting::TimeZone, HostSetting::Domain],
        net: vec![NetSetting::Mac, NetSetting::Gateway, NetSetting::Resolver],
        instance: Some("node 3".into()),
        ..HostIdentity::default()
    };
    assert_eq!(says(&more, Name), ["pbx-berlin Europe/Berlin example.org"]);
    #[cfg(target_endian = "little")]
    assert_eq!(says(&more, Net), ["0050569a3b4c 10.20.0.1 10.20.0.2"]);
    assert_eq!(says(&more, Instance), ["node 3"]);
    let only = HostIdentity { net: vec![NetSetting::Resolver], host: vec![], ..HostIdentity::default() };
    assert_eq!(says(&only, Net), ["10.20.0.2"]);
    assert_eq!(absence(&with(&host, &only), Name), Absence::Missing);
    host.set("etc/resolv.conf", "nameserver 127.0.0.53\n");
    assert_eq!(absence(&with(&host, &only), Net), placeholder("127.0.0.53"));
    assert_eq!(absence(&with(&host, &more), Net), placeholder("127.0.0.53"), "all chosen settings or none");
    let hardware = HostIdentity { profile: Some(Profile::Hardware), ..HostIdentity::default() };
    let found = with(&host, &hardware);
    assert_eq!(found.class.word(), "virtual", "what it is shown by does not change what it is");
    assert_eq!(absence(&found, Nic), placeholder("00:50:56:9a:3b:4c"));
    for (instance, absent) in [("none", true), ("Unknown", true), ("7", false), (" 7", true), ("ü", true)] {
        let identity = HostIdentity { instance: Some(instance.into()), ..HostIdentity::default() };
        assert_eq!(says(&identity, Instance).is_empty(), absent, "{instance:?}");
    }
    let zone = HostIdentity { host: vec![HostSetting::TimeZone], ..HostIdentity::default() };
    let linked = Copy::of("virtualbox", "zone");
    assert_eq!(with(&linked, &zone).components.get(Name), ["America/New_York"]);
}

#[test]
fn a_name_that_many_hosts_share_is_a_placeholder() {
    let host = Copy::of("vmware", "names");
    for name in ["localhost", "localhost.localdomain", "(none)", "3f2a9c1b7d5e", "ubuntu", "none", "xxxx"] {
        host.set("proc/sys/kernel/hostname", &format!("{name}\n"));
        let first = name.split('.').next().unwrap();
        assert_eq!(absence(&host.probe(), Name), placeholder(first), "{name}");
    }
    for (name, value) in
        [("PBX-1.Example.ORG", "pbx-1"), ("3f2a9c1b7d5", "3f2a9c1b7d5"), ("röntgen", "röntgen")]
    {
        host.set("proc/sys/kernel/hostname", &format!("{name}\n"));
        assert_eq!(host.probe().components.get(Name), [value], "{name}");
    }
    host.set("proc/sys/kernel/hostname", "two words\n");
    assert_eq!(absence(&host.probe(), Name), Absence::Unreadable("it is not a name".into()));
    host.remove("proc/sys/kernel/hostname").set("etc/hostname", "kept\n");
    assert_eq!(host.probe().components.get(Name), ["kept"]);
}

/// Row E6: of a container's ids those that it shares with others don't count.
#[test]
fn what_a_container_shares_is_not_its_own() {
    let host = Copy::of("container-pass-through", "shared");
    assert_eq!(host.probe().components.get(Os), ["0b5d1c2f9a7e4c6d8f3a1e2b4c5d6e7f"]);
    assert_eq!(absence(&host.probe(), System), Absence::Shared("the machine below"));
    host.set("proc/self/mountinfo", "25 1 0:48 / / rw - overlay overlay rw\n");
    assert_eq!(absence(&host.probe(), Os), Absence::Shared("the image"));
    // Lxcfs shows a container its own part of the machine, one that runs a program from an image, too.
    let lxcfs = "25 1 0:48 / / rw - overlay overlay rw\n40 25 0:50 /proc/uptime /proc/uptime rw - fuse.lxcfs lxcfs rw\n";
    host.set("proc/self/mountinfo", lxcfs);
    assert_eq!(absence(&host.probe(), Os), Absence::Shared("the image"));
    let pod = "41 25 8:1 /var/lib/kubelet/pods/1-2/etc-hosts /etc/hosts rw - ext4 /dev/sda1 rw\n";
    host.remove(".dockerenv").set("proc/self/mountinfo", &format!("{lxcfs}{pod}"));
    assert_eq!(absence(&host.probe(), Os), Absence::Shared("the image"));
    // A container with a system of its own has an id of its own.
    host.set("proc/self/mountinfo", lxcfs);
    assert_eq!(host.probe().components.get(Os).len(), 1);
    host.remove("proc/self/mountinfo").set("run/systemd/container", "systemd-nspawn\n");
    assert_eq!(host.probe().components.get(Os).len(), 1);
    // Docker in docker: what is made in there is not what it was given.
    host.card("docker0", "02:42:00:00:00:01", &[("bridge/stp_state", "0")])
        .card("veth1", "02:42:00:00:00:02", &[("brport/state", "3")])
        .card("eth0.5", "02:42:00:00:00:03", &[("lower_eth0", "")])
        .card("tap0", "02:42:00:00:00:04", &[("tun_flags", "0x1002")])
        .card("eth1", "02:42:00:00:00:05", &[("addr_assign_type", "1")]);
    assert_eq!(host.probe().components.get(Net), ["0242ac110002"]);
}

/// Rows E3 to E5: what is not there, not readable or no value is absent with its cause, and the rest stays.
#[test]
fn a_missing_component_is_reported_and_the_others_stay() {
    for (path, text, kind, why) in [
        ("etc/machine-id", None, Os, Absence::Missing),
        ("etc/machine-id", Some(""), Os, Absence::Missing),
        ("etc/machine-id", Some("uninitialized\n"), Os, placeholder("uninitialized")),
        ("etc/machine-id", Some("0b5d1c2f9a7e4c6d8f3a1e2b4c5d6e7f+\n"), Os, {
            Absence::Unreadable("it is not 32 hexadecimal digits".into())
        }),
        ("sys/class/dmi", None, System, Absence::Missing),
        ("sys/class/dmi", None, Board, Absence::Missing),
        ("sys/class/dmi/id/product_uuid", Some("00000000-0000-0000-0000-000000000000"), System, {
            placeholder("00000000-0000-0000-0000-000000000000")
        }),
        ("sys/class/dmi/id/product_uuid", Some("03000200-0400-0500-0006-000700080009"), System, {
            placeholder("03000200-0400-0500-0006-000700080009")
        }),
        ("sys/class/dmi/id/product_uuid", Some("\u{1}"), System, {
            Absence::Unreadable("it holds control characters".into())
        }),
        ("sys/class/net", None, Nic, Absence::Missing),
        ("sys/block", None, Disk, Absence::Missing),
        ("proc", None, Disk, Absence::Missing),
    ] {
        let host = Copy::of("workshop-a", "missing");
        match text {
            Some(text) => host.set(path, text),
            None => host.remove(path),
        };
        let found = host.probe();
        assert_eq!(absence(&found, kind), why, "{path}");
        let before = probe(&captured("workshop-a")).components;
        let others = ComponentKind::HARDWARE.into_iter().filter(|it| !found.components.get(*it).is_empty());
        others.for_each(|it| assert_eq!(found.components.get(it), before.get(it), "{path}: {it}"));
        assert!(found.components.kinds().count() >= 3, "{path}: {:?}", found.absent);
    }
}

#[test]
fn containers_and_virtual_machines_are_recognized() {
    let container = |what: &str| HostClass::Container(what.into());
    let machine = |what: &str| HostClass::Virtual(what.into());
    let lxcfs = "25 1 8:2 / / rw - ext4 /dev/sda2 rw\n40 25 0:50 /proc/cpuinfo /proc/cpuinfo rw - fuse.lxcfs lxcfs rw\n";
    let lxcfs_below =
        "25 1 8:2 / / rw - ext4 /dev/sda2 rw\n40 25 0:50 / /var/lib/lxcfs rw - fuse.lxcfs lxcfs rw\n";
    let pod = "25 1 0:48 / / rw - overlay overlay rw\n\
        41 25 8:1 /var/lib/kubelet/pods/1-2/etc-hosts /etc/hosts rw - ext4 /dev/sda1 rw\n";
    for (path, text, class) in [
        ("run/.containerenv", "", container("/run/.containerenv exists")),
        ("var/run/secrets/kubernetes.io/token", "", container("/var/run/secrets/kubernetes.io exists")),
        (
            "run/systemd/container",
            "systemd-nspawn\n",
            container("/run/systemd/container says `systemd-nspawn`"),
        ),
        ("run/host/container-manager", "podman\n", container("/run/host/container-manager says `podman`")),
        ("proc/1/environ", "PATH=/bin\0container=lxc\0", container("the first process has container=lxc")),
        ("proc/1/cgroup", "0::/kubepods.slice/kubepods-pod1.slice\n", {
            container("a control group is named `kubepods`")
        }),
        ("proc/self/mountinfo", lxcfs, container("/proc is provided by lxcfs")),
        ("proc/self/mountinfo", lxcfs_below, HostClass::BareMetal),
        ("proc/self/mountinfo", pod, container("/etc/hosts is mounted by a container runtime")),
        ("proc/self/cgroup", "0::/system.slice/docker.service\n", HostClass::BareMetal),
        ("sys/hypervisor/type", "xen\n", machine("/sys/hypervisor/type says `xen`")),
        (
            "proc/cpuinfo",
            "flags : fpu hypervisor lahf_lm\n",
            machine("the processor has the flag `hypervisor`"),
        ),
        (
            "sys/class/dmi/id/sys_vendor",
            "VMware, Inc.\n",
            machine("the firmware says `VMware, Inc. OptiPlex 7060`"),
        ),
        ("sys/class/dmi/id/bios_vendor", "Xen\n", machine("the firmware says `Xen`")),
        ("proc/sys/kernel/osrelease", "4.4.0-19041-Microsoft\n", {
            machine("the kernel is that of Windows: `4.4.0-19041-Microsoft`")
        }),
        ("proc/sys/kernel/osrelease", "6.8.0-1021-azure\n", HostClass::BareMetal),
        (
            "proc/device-tree/hypervisor/compatible",
            "linux,kvm\0",
            machine("the device tree names a hypervisor"),
        ),
        ("sys/class/dmi/id/sys_vendor", "Xenon Systems\n", HostClass::BareMetal),
    ] {
        let host = Copy::of("workshop-a", "class");
        assert_eq!(host.set(path, text).probe().class, class, "{path}");
    }
}
