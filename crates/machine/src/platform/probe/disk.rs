//! The serial numbers of the disks under `/`, through partitions, LVM, encryption and RAID.

use std::collections::BTreeSet;

use super::ids::{first, usable};
use super::probed::{Finding, more_specific};
use super::tree::{Tree, mount_point};
use airlatch_core::model::Absence;

/// The block devices by their kernel names, each with folders for its partitions.
const DISKS: &str = "sys/block";
/// The most layers of block devices, such as RAID, encryption and LVM.
const MAX_DEPTH: usize = 16;

/// The serial numbers of all disks under the root file system, in any order; a RAID has several.
pub(super) fn disks(tree: &Tree) -> Finding {
    let root = root_device(tree.mounts()).ok_or(Absence::Missing)?;
    let all = devices(tree)?;
    let start = all.iter().find(|device| root.matches(device)).ok_or(Absence::Missing)?;
    let mut serials = Vec::new();
    let mut reason = Absence::Missing;
    for disk in physical(tree, &all, &start.disk) {
        let paths =
            ["serial", "device/serial", "wwid", "device/wwid"].map(|file| format!("{DISKS}/{disk}/{file}"));
        match first(paths.iter().map(|path| usable(tree.value(path)?))) {
            Ok(values) => serials.extend(values),
            Err(absence) => reason = more_specific(reason, absence),
        }
    }
    if serials.is_empty() { Err(reason) } else { Ok(serials) }
}

/// A disk, or a partition and the disk it is on.
#[derive(Debug)]
struct Device {
    name: String,
    number: String,
    disk: String,
}

/// The device of the root file system in the mount table.
#[derive(Debug, PartialEq, Eq)]
enum Root {
    Number(String),
    // Some file systems (btrfs) show an anonymous device number instead of the device's.
    Name(String),
}

impl Root {
    fn matches(&self, device: &Device) -> bool {
        match self {
            Self::Number(number) => *number == device.number,
            Self::Name(name) => *name == device.name,
        }
    }
}

/// The device of `/` in the mount table (proc_pid_mountinfo(5)): the last mount on it is the visible one.
fn root_device(table: &str) -> Option<Root> {
    let line = table.lines().rfind(|line| mount_point(line) == Some("/"))?;
    let number = line.split(' ').nth(2)?;
    if !number.starts_with("0:") {
        return Some(Root::Number(number.to_owned()));
    }
    let source = line.split_once(" - ")?.1.split(' ').nth(1)?;
    Some(Root::Name(source.strip_prefix("/dev/")?.to_owned()))
}

/// Every disk and partition.
fn devices(tree: &Tree) -> Result<Vec<Device>, Absence> {
    let mut devices = Vec::new();
    // Loop and RAM devices have no serial number, and there may be dozens.
    let has_serial = |disk: &String| !["loop", "ram", "zram"].iter().any(|kind| disk.starts_with(kind));
    for disk in tree.names(DISKS)?.into_iter().filter(has_serial) {
        let folder = format!("{DISKS}/{disk}");
        let number = tree.value(&format!("{folder}/dev")).unwrap_or_default();
        // Devices of the device mapper have two names: dm-0 is /dev/mapper/NAME.
        let name = tree.value(&format!("{folder}/dm/name")).map(|name| format!("mapper/{name}"));
        devices.extend(name.map(|name| Device { name, number: number.clone(), disk: disk.clone() }));
        for part in tree.names(&folder).unwrap_or_default() {
            if part.starts_with(disk.as_str()) && tree.has(&format!("{folder}/{part}/partition")) {
                let number = tree.value(&format!("{folder}/{part}/dev")).unwrap_or_default();
                devices.push(Device { name: part, number, disk: disk.clone() });
            }
        }
        devices.push(Device { name: disk.clone(), number, disk });
    }
    Ok(devices)
}

/// The names of the physical disks under `disk`.
fn physical(tree: &Tree, all: &[Device], disk: &str) -> BTreeSet<String> {
    let mut level = BTreeSet::from([disk.to_owned()]);
    let mut found = BTreeSet::new();
    for _ in 0..MAX_DEPTH {
        let mut below = BTreeSet::new();
        for disk in &level {
            let parts = tree.names(&format!("{DISKS}/{disk}/slaves")).unwrap_or_default();
            let disks = parts.iter().filter_map(|part| all.iter().find(|device| device.name == *part));
            let before = below.len();
            below.extend(disks.map(|device| device.disk.clone()));
            if parts.is_empty() && below.len() == before {
                found.insert(disk.clone());
            }
        }
        level = below;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_mount_on_the_root_is_used() {
        let table = "1 0 0:2 / / rw - rootfs rootfs rw\n\
            25 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw\n\
            26 25 8:1 / /boot rw - vfat /dev/sda1 rw\n";
        assert_eq!(root_device(table), Some(Root::Number("8:2".into())));
        let btrfs = "25 1 0:27 /@ / rw,relatime shared:1 master:2 - btrfs /dev/mapper/luks-1 rw,subvol=/@\n";
        assert_eq!(root_device(btrfs), Some(Root::Name("mapper/luks-1".into())));
        for none in
            ["", "30 1 0:40 / / rw - overlay overlay rw\n", "30 1 0:40 / / rw - zfs rpool/ROOT rw\n", "x\n"]
        {
            assert_eq!(root_device(none), None, "{none}");
        }
    }
}
