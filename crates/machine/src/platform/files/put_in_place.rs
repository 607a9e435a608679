//! Gives a finished file its final name without replacing an existing file, on every file system.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Result};
use std::path::Path;

use super::temporary::beside;
use crate::platform::os;

/// How a file gets its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Placement {
    /// A rename call that does not replace.
    Rename,
    /// A hard link, then the old name is removed. A hard link does not replace either.
    Link,
    /// A copy, removed again if it fails; for USB sticks with a file system that has neither.
    Copy,
}

/// All methods, the best first.
const METHODS: [Placement; 3] = [Placement::Rename, Placement::Link, Placement::Copy];

/// Gives the file `from` the second name `to`, or makes a copy where the file system has no second names. If `to` exists, the
/// error is `AlreadyExists`.
pub(super) fn link(from: &Path, to: &Path) -> Result<()> {
    match fs::hard_link(from, to) {
        Err(error) if is_unsupported(Placement::Link, error.kind()) => copy_whole(from, to),
        done => done,
    }
}

/// Copies a file so that the copy has its name only when it is complete.
fn copy_whole(from: &Path, to: &Path) -> Result<()> {
    let part = beside(to);
    match fs::remove_file(&part) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => copy(from, &part, false)?,
    }
    place(&part, to, false)
}

/// Moves the finished file `from` to `to`. If `to` exists, the error is `AlreadyExists`.
pub(super) fn place(from: &Path, to: &Path, private: bool) -> Result<()> {
    place_by(&METHODS, from, to, private)
}

fn place_by(methods: &[Placement], from: &Path, to: &Path, private: bool) -> Result<()> {
    let mut last = io::Error::from(ErrorKind::Unsupported);
    for method in methods {
        let done = match method {
            Placement::Rename => os::rename_new(from, to),
            Placement::Link => fs::hard_link(from, to).map(|()| drop(fs::remove_file(from))),
            Placement::Copy => copy(from, to, private).map(|()| drop(fs::remove_file(from))),
        };
        match done {
            Err(error) if is_unsupported(*method, error.kind()) => last = error,
            done => return done,
        }
    }
    Err(last)
}

/// Whether the file system does not support a method. FAT returns EPERM for a link, the same as for a missing permission;
/// if a permission is missing, the next method fails too.
fn is_unsupported(method: Placement, kind: ErrorKind) -> bool {
    match kind {
        ErrorKind::Unsupported | ErrorKind::InvalidInput => method != Placement::Copy,
        ErrorKind::PermissionDenied | ErrorKind::TooManyLinks => method == Placement::Link,
        _ => false,
    }
}

fn copy(from: &Path, to: &Path, private: bool) -> Result<()> {
    let mut source = File::open(from)?;
    let mut target = os::creating(private).open(to)?;
    let done = (|| {
        if private && !os::make_private(&target)? {
            return Err(ErrorKind::PermissionDenied.into());
        }
        io::copy(&mut source, &mut target)?;
        target.sync_all()
    })();
    if done.is_err() {
        let _ = fs::remove_file(to);
    }
    done
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests lay their files out by hand")]
mod tests {
    use super::*;

    #[test]
    fn a_second_name_or_a_copy_replaces_nothing() {
        let folder = std::env::temp_dir().join(format!("airlatch-link-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let (from, to) = (folder.join("from"), folder.join("to"));
        fs::write(&from, "old").unwrap();
        for keep in [link, copy_whole] {
            // A copy that was interrupted.
            fs::write(beside(&to), "o").unwrap();
            keep(&from, &to).unwrap();
            assert_eq!(
                (fs::read(&from).unwrap(), fs::read(&to).unwrap()),
                (b"old".to_vec(), b"old".to_vec())
            );
            assert_eq!(keep(&from, &to).unwrap_err().kind(), ErrorKind::AlreadyExists);
            fs::remove_file(&to).unwrap();
        }
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn every_method_places_a_file_and_none_replaces_one() {
        let folder = std::env::temp_dir().join(format!("airlatch-place-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let (from, to) = (folder.join("from"), folder.join("to"));
        for method in if cfg!(unix) { &METHODS[..] } else { &METHODS[1..] } {
            fs::write(&from, "new").unwrap();
            place_by(&[*method], &from, &to, true).unwrap();
            assert_eq!(fs::read(&to).unwrap(), b"new", "{method:?}");
            assert!(!from.exists(), "{method:?}");
            fs::write(&from, "other").unwrap();
            let refused = place_by(&[*method], &from, &to, true).unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::AlreadyExists, "{method:?}");
            assert_eq!(fs::read(&to).unwrap(), b"new", "{method:?}");
            fs::remove_file(&to).unwrap();
        }
        fs::remove_dir_all(&folder).unwrap();
    }
}
