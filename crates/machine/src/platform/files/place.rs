//! Giving a finished file its name without replacing what may stand there, on every medium.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Result};
use std::path::Path;

use crate::platform::os;

/// How a file gets its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Placement {
    /// One call that refuses to replace.
    Rename,
    /// A second name, then the first one is removed: a second name never replaces either.
    Link,
    /// For sticks that have neither: written once more under its name, and removed again if that fails.
    Copy,
}

/// From the best to the last resort.
const WAYS: [Placement; 3] = [Placement::Rename, Placement::Link, Placement::Copy];

/// Moves the finished file `from` to `to`, where nothing may stand: else the error is `AlreadyExists`.
pub(super) fn place(from: &Path, to: &Path, private: bool) -> Result<()> {
    place_by(&WAYS, from, to, private)
}

fn place_by(ways: &[Placement], from: &Path, to: &Path, private: bool) -> Result<()> {
    let mut last = io::Error::from(ErrorKind::Unsupported);
    for way in ways {
        let done = match way {
            Placement::Rename => os::rename_new(from, to),
            Placement::Link => fs::hard_link(from, to).map(|()| drop(fs::remove_file(from))),
            Placement::Copy => copy(from, to, private).map(|()| drop(fs::remove_file(from))),
        };
        match done {
            Err(error) if lacks(*way, error.kind()) => last = error,
            done => return done,
        }
    }
    Err(last)
}

/// Whether the medium does not know this way at all. Sticks say EPERM to a link, as missing rights do; then the next
/// way meets the missing rights again.
fn lacks(way: Placement, kind: ErrorKind) -> bool {
    match kind {
        ErrorKind::Unsupported | ErrorKind::InvalidInput => way != Placement::Copy,
        ErrorKind::PermissionDenied | ErrorKind::TooManyLinks => way == Placement::Link,
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
    fn every_way_places_a_file_and_none_replaces_one() {
        let folder = std::env::temp_dir().join(format!("airlatch-place-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let (from, to) = (folder.join("from"), folder.join("to"));
        for way in if cfg!(unix) { &WAYS[..] } else { &WAYS[1..] } {
            fs::write(&from, "new").unwrap();
            place_by(&[*way], &from, &to, true).unwrap();
            assert_eq!(fs::read(&to).unwrap(), b"new", "{way:?}");
            assert!(!from.exists(), "{way:?}");
            fs::write(&from, "other").unwrap();
            let refused = place_by(&[*way], &from, &to, true).unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::AlreadyExists, "{way:?}");
            assert_eq!(fs::read(&to).unwrap(), b"new", "{way:?}");
            fs::remove_file(&to).unwrap();
        }
        fs::remove_dir_all(&folder).unwrap();
    }
}
