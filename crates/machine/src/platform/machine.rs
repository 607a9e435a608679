//! Information about the operating system and the program file, for support bundles.

use std::env::consts::{ARCH, OS};
use std::path::PathBuf;

use super::os;

/// The operating system and the program file of a run; the default knows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Machine {
    /// The target operating system: `linux`, `windows`, …
    pub system: Option<&'static str>,
    /// The target processor: `x86_64`, `aarch64`, …
    pub processor: Option<&'static str>,
    /// Whether the program is statically linked.
    pub is_static: Option<bool>,
    /// The effective user id.
    pub user: Option<u32>,
    /// The path of the program file.
    pub program: Option<PathBuf>,
}

impl Machine {
    /// Those of this process; no file is opened.
    pub fn capture() -> Self {
        Self {
            system: Some(OS),
            processor: Some(ARCH),
            is_static: Some(cfg!(any(target_feature = "crt-static", target_env = "musl"))),
            user: os::user_id(),
            program: std::env::current_exe().ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_knows_its_own_file() {
        let machine = Machine::capture();
        assert!(machine.program.is_some_and(|path| path.is_file()));
        assert_eq!(machine.system, Some(OS));
    }
}
