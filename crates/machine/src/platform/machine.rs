//! What a run can tell of the system it runs on and of its own program file.

use std::env::consts::{ARCH, OS};
use std::path::PathBuf;

use super::os;

/// The system and the program file of a run; where nothing was asked, nothing is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Machine {
    /// The operating system this was built for: `linux`, `windows`, …
    pub system: Option<&'static str>,
    /// The processor this was built for: `x86_64`, `aarch64`, …
    pub processor: Option<&'static str>,
    /// Whether the program needs no library of the system.
    pub is_static: Option<bool>,
    /// The number of the user it runs as.
    pub user: Option<u32>,
    /// The program's own file.
    pub program: Option<PathBuf>,
}

impl Machine {
    /// Those of this process; nothing is opened.
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
