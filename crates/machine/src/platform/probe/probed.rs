//! The result of a probe.

use airlatch_core::model::{Absence, ComponentKind, Components, HostClass};

/// The result of a probe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// The class of the machine.
    pub class: HostClass,
    /// The components with usable values.
    pub components: Components,
    /// The other components, each with the cause of its absence.
    pub absent: Vec<(ComponentKind, Absence)>,
}

/// The values of one component, or why it is absent.
pub(super) type Finding = std::result::Result<Vec<String>, Absence>;

/// The more specific of two absences: `Missing` is the least specific.
pub(super) fn more_specific(one: Absence, other: Absence) -> Absence {
    if one == Absence::Missing { other } else { one }
}
