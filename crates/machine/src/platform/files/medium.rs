//! Refuses file systems that can't hold a ledger safely: network file systems, and those served by a program.

use std::path::Path;

use super::Files;
use crate::platform::{fault::error_at, fault::fault};
use crate::platform::{os, os::FileSystem};
use airlatch_core::model::{Reason, Result};

/// Why a ledger is not safe on a file system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LedgerRisk {
    /// A network file system: a lock on this machine is not a lock on others.
    Network,
    /// A cluster file system: several machines write one disk, without shared memory between them.
    Cluster,
    /// A user-space file system: locks and syncs depend on its program.
    Served,
    /// A folder shared between a virtual machine and its host.
    Guest,
}

use LedgerRisk::{Cluster, Guest, Network, Served};

/// Magic numbers on Linux (linux/magic.h, and the source of each driver), names on other systems, the usual name.
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
    /// Refuses a folder that can't hold a ledger safely: SQLite needs locks and memory shared between processes, which
    /// network file systems, FUSE and folders shared with a virtual machine don't have. A link is followed. If the system
    /// does not tell the type of the file system, every folder is accepted.
    ///
    /// # Errors
    /// `unsafe-folder` with the name of the file system, `not-found`, `denied`, `io`.
    pub fn safe_for_ledger(&self, folder: &Path) -> Result<()> {
        check_file_system(folder, &os::file_system(&self.resolve(folder)?).map_err(|e| fault(&e, folder))?)
    }
}

fn check_file_system(folder: &Path, file_system: &FileSystem) -> Result<()> {
    let found = UNSAFE.iter().find(|(magics, names, _, _)| match file_system {
        FileSystem::Magic(found) => magics.contains(found),
        FileSystem::Name(found) => names.contains(&found.as_str()),
        FileSystem::Unknown => false,
    });
    let Some((_, _, name, risk)) = found else { return Ok(()) };
    let (message, cause) = match risk {
        Network => (
            format!("a ledger can't be kept on a network file system ({name})"),
            "locks are not shared between machines, so two desks could sell the same seats",
        ),
        Cluster => (
            format!("a ledger can't be kept on a file system of several machines ({name})"),
            "memory is not shared between machines, so two desks could sell the same seats",
        ),
        Served => (
            format!("a ledger can't be kept on a file system that a program serves ({name})"),
            "it is not certain that it locks files and keeps what was written",
        ),
        Guest => (
            format!("a ledger can't be kept in a folder shared with a virtual machine ({name})"),
            "locks are not shared between the two machines",
        ),
    };
    Err(error_at(Reason::UnsafeFolder, message, folder).detail(cause))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(file_system: FileSystem) -> Option<String> {
        let error = check_file_system(Path::new("desk"), &file_system).err()?;
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
            let message = refused(FileSystem::Magic(magic)).unwrap();
            assert!(message.ends_with(name), "{magic:x}: {message}");
        }
        assert!(refused(FileSystem::Name("macfuse".into())).unwrap().contains("FUSE"));
    }

    /// ext, XFS, Btrfs, F2FS, ZFS, tmpfs, overlay, FAT, exFAT, and an unknown one.
    #[test]
    fn local_file_systems_are_accepted() {
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
