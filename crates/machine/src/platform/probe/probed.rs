//! What a probe found: the values of a component, or why there are none.

use airlatch_core::model::{Absence, ComponentKind, Components, HostClass};

/// What a probe found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// What kind of machine it seems to be.
    pub class: HostClass,
    /// The usable components.
    pub components: Components,
    /// Why each of the others is absent, in the order of their kinds.
    pub absent: Vec<(ComponentKind, Absence)>,
}

/// The values of one kind, or why there is none.
pub(super) type Finding = std::result::Result<Vec<String>, Absence>;

/// Of two reasons for absence the one that says more: that there is nothing says least.
pub(super) fn telling(one: Absence, other: Absence) -> Absence {
    if one == Absence::Missing { other } else { one }
}
