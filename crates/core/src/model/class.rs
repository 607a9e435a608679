//! The kinds of host a license may run on besides bare metal.

use std::fmt;

use super::HostClass;

/// The kinds of host a license allows besides bare metal, which is always allowed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AllowedClasses {
    /// Virtual machines.
    pub virtual_machines: bool,
    /// Containers.
    pub containers: bool,
}

impl AllowedClasses {
    /// Every kind of host.
    pub const ALL: Self = Self { virtual_machines: true, containers: true };

    /// Whether a license may run on a host of this class.
    pub const fn permits(self, class: &HostClass) -> bool {
        match class {
            HostClass::BareMetal => true,
            HostClass::Virtual(_) => self.virtual_machines,
            HostClass::Container(_) => self.containers,
        }
    }

    /// The allowed classes as written in files: `virtual`, `container`.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        let words = [(self.virtual_machines, "virtual"), (self.containers, "container")];
        words.into_iter().filter_map(|(is_allowed, word)| is_allowed.then_some(word))
    }

    /// Adds the class written as `word` in a file; `None` for an unknown word.
    #[must_use]
    pub fn with(self, word: &str) -> Option<Self> {
        match word {
            "virtual" => Some(Self { virtual_machines: true, ..self }),
            "container" => Some(Self { containers: true, ..self }),
            _ => None,
        }
    }
}

impl fmt::Display for AllowedClasses {
    /// For people: `bare metal, virtual machines`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("bare metal")?;
        for (is_allowed, word) in
            [(self.virtual_machines, "virtual machines"), (self.containers, "containers")]
        {
            if is_allowed {
                write!(f, ", {word}")?;
            }
        }
        Ok(())
    }
}
