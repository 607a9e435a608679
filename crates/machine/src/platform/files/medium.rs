//! Which file systems can't keep a ledger: those of a network, and those that another program serves.

use std::path::Path;

use super::Files;
use crate::platform::{fault::error_at, fault::fault};
use crate::platform::{os, os::FileSystem};
use airlatch_core::model::{Reason, Result};

/// Why a ledger is not safe somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LedgerRisk {
    /// Other machines reach it, and a lock taken here is not one there.
    Network,
    /// Several machines write one disk, and memory shared between processes ends at this machine.
    Cluster,
    /// A program serves it, and whether it locks and syncs is the program's affair.
    Served,
    /// It is a folder of the computer that this virtual machine runs on.
    Guest,
}

use LedgerRisk::{Cluster, Guest, Network, Served};

/// Magic numbers of Linux (linux/magic.h, and the sources of each), names elsewhere, and what people call it.
const UNSAFE: &[(&[u32], &[&str], &str, LedgerRisk)] = &[
    (&[0x6969], &["nfs"], "NFS", Network),
    (&[0x517b, 0xfe53_4d42, 0xff53_4d42], &["smbfs"], "SMB", Network),
    (&[0x564c], &[], "NCP", Network),
    (&[0x5346_414f, 0x6b41_4653], &["afs"], "AFS", Network),
    (&[0x7375_7245], &["coda"], "Coda", Network),
    (&[0x0102_1997], &["9p"], "9P", Network),
    (&[0x00c3_6400], &[], "Ceph", Network),
    (&[0x0bd0_0bd0], &[], "Lustre", Network),
    (&[0x1983_0326], &[], "BeeGFS", Network),
    (&[], &["afpfs"], "AFP", Network),
    (&[], &["webdav"], "WebDAV", Network),
    (&[0x4750_4653], &[], "GPFS", Cluster),
    (&[0x0116_1970], &[], "GFS2", Cluster),
    (&[0x7461_636f], &[], "OCFS2", Cluster),
    (&[0x6573_5546], &["macfuse", "osxfuse"], "FUSE", Served),
    (&[0x786f_4256], &[], "VirtualBox", Guest),
    (&[0xbacb_acbc], &[], "VMware", Guest),
    (&[0x7c7c_6673], &["prl_fs"], "Parallels", Guest),
];

impl Files {
    /// Whether a ledger can be kept in `folder`: its file system has to hold locks, and memory shared between processes,
    /// as those of a network, FUSE and the folders shared with a virtual machine don't. A link is followed. Where the
    /// system doesn't tell the file system, every folder counts as safe.
    ///
    /// # Errors
    /// `unsafe-folder` with the name of the file system, `not-found`, `denied`, `io`.
    pub fn safe_for_ledger(&self, folder: &Path) -> Result<()> {
        judge(folder, &os::file_system(&self.resolve(folder)?).map_err(|e| fault(&e, folder))?)
    }
}

fn judge(folder: &Path, file_system: &FileSystem) -> Result<()> {
    let found = UNSAFE.iter().find(|(magics, names, _, _)| match file_system {
        FileSystem::Magic(found) => magics.contains(found),
        FileSystem::Name(found) => names.contains(&found.as_str()),
        FileSystem::Unknown => false,
    });
    let Some((_, _, called, danger)) = found else { return Ok(()) };
    let (what, why) = match danger {
        Network => (
            format!("a ledger can't be kept on a network file system ({called})"),
            "locks don't hold between machines, so two desks could sell the same seats",
        ),
        Cluster => (
            format!("a ledger can't be kept on a file system of several machines ({called})"),
            "memory isn't shared between machines, so two desks could sell the same seats",
        ),
        Served => (
            format!("a ledger can't be kept on a file system that a program serves ({called})"),
            "whether it locks files and keeps what was written is not certain",
        ),
        Guest => (
            format!("a ledger can't be kept in a folder shared with a virtual machine ({called})"),
            "locks don't hold between the two machines",
        ),
    };
    Err(error_at(Reason::UnsafeFolder, what, folder).detail(why))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(file_system: FileSystem) -> Option<String> {
        let error = judge(Path::new("desk"), &file_system).err()?;
        assert_eq!((error.reason(), error.place()), (Reason::UnsafeFolder, Some("desk")));
        Some(error.message().to_owned())
    }

    #[test]
    fn file_systems_of_networks_and_programs_are_refused_by_name() {
        for (magic, name) in [
            (0x6969, "(NFS)"),
            (0x517b, "(SMB)"),
            (0xff53_4d42, "(SMB)"),
            (0xfe53_4d42, "(SMB)"),
            (0x5346_414f, "(AFS)"),
            (0x7375_7245, "(Coda)"),
            (0x0102_1997, "(9P)"),
            (0x00c3_6400, "(Ceph)"),
            (0x6573_5546, "serves (FUSE)"),
            (0x786f_4256, "virtual machine (VirtualBox)"),
            (0xbacb_acbc, "virtual machine (VMware)"),
        ] {
            let what = refused(FileSystem::Magic(magic)).unwrap();
            assert!(what.ends_with(name), "{magic:x}: {what}");
        }
        assert!(refused(FileSystem::Name("macfuse".into())).unwrap().contains("FUSE"));
    }

    /// ext, XFS, Btrfs, F2FS, ZFS, tmpfs, overlay, FAT, exFAT, and what nobody has heard of.
    #[test]
    fn file_systems_of_this_machine_are_fine() {
        for magic in [
            0xef53,
            0x5846_5342,
            0x9123_683e,
            0xf2f5_2010,
            0x2fc1_2fc1,
            0x0102_1994,
            0x794c_7630,
            0x4d44,
            0x2011_bab0,
            1,
        ] {
            assert_eq!(refused(FileSystem::Magic(magic)), None, "{magic:x}");
        }
        assert_eq!(refused(FileSystem::Name("apfs".into())), None);
        assert_eq!(refused(FileSystem::Unknown), None);
    }
}
