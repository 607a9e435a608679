//! Whether enough components match a lock: what is missing, or how many may still change.

use std::collections::BTreeSet;

use crate::model::{Comparison, ComponentKind, Lock, Tolerance};

use super::compare::matching;

/// Whether enough components match a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MatchOutcome {
    /// Enough match: `count` of the `optional` ones may still change, the `required` ones may not.
    Spare {
        /// How many of the optional components may change.
        count: usize,
        /// The optional components that match.
        optional: BTreeSet<ComponentKind>,
        /// The required components.
        required: BTreeSet<ComponentKind>,
    },
    /// Too few match: all of `required`, and `count` of `optional`, would have to match besides.
    Missing {
        /// The required components that don't match.
        required: BTreeSet<ComponentKind>,
        /// How many more optional components would have to match.
        count: usize,
        /// The optional components that don't match.
        optional: BTreeSet<ComponentKind>,
    },
}

/// Whether enough components match a lock; `None` for locks without components.
pub fn match_outcome(lock: &Lock, rows: &[Comparison]) -> Option<MatchOutcome> {
    let (Lock::Fingerprint { tolerance, .. } | Lock::LockingId { tolerance, .. }) = lock else { return None };
    Some(outcome_of(tolerance, &matching(rows)))
}

/// Whether these matching components are enough for a tolerance.
pub(super) fn outcome_of(tolerance: &Tolerance, matching: &BTreeSet<ComponentKind>) -> MatchOutcome {
    let optional: BTreeSet<_> = tolerance.optional().intersection(matching).copied().collect();
    let minimum = tolerance.minimum();
    if tolerance.is_met_by(matching) {
        let count = optional.len() - minimum;
        return MatchOutcome::Spare { count, optional, required: tolerance.required().clone() };
    }
    MatchOutcome::Missing {
        required: tolerance.required().difference(matching).copied().collect(),
        count: minimum.saturating_sub(optional.len()),
        optional: tolerance.optional().difference(matching).copied().collect(),
    }
}

impl MatchOutcome {
    /// A phrase for people: `one of network card, system disk serial as it was`, or `nothing more may change`.
    pub fn phrase(&self) -> String {
        match self {
            Self::Spare { count: 0, optional, required } if optional.is_empty() => {
                format!("{} as it is, the rest may change", names(required, " and "))
            }
            Self::Spare { count: 0, .. } => "nothing more may change".into(),
            Self::Spare { count, optional, .. } => {
                format!("{count} more of {} may change", names(optional, ", "))
            }
            Self::Missing { required, count: 0, .. } => format!("{} as it was", names(required, " and ")),
            Self::Missing { required, count, optional } => {
                let required =
                    if required.is_empty() { String::new() } else { names(required, " and ") + ", and " };
                // If all of them are needed, there is no choice to name.
                if *count == optional.len() {
                    return format!("{required}{} as it was", names(optional, " and "));
                }
                let number = if *count == 1 { "one".into() } else { count.to_string() };
                format!("{required}{number} of {} as it was", names(optional, ", "))
            }
        }
    }
}

fn names(kinds: &BTreeSet<ComponentKind>, separator: &str) -> String {
    kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(separator)
}

#[cfg(test)]
mod tests {
    use super::ComponentKind::{Board, Disk, Nic, Os, System};
    use super::*;

    fn set(kinds: &[ComponentKind]) -> BTreeSet<ComponentKind> {
        kinds.iter().copied().collect()
    }

    #[test]
    fn only_missing_components_are_named() {
        let tolerance = Tolerance::new([Os], [System, Board, Nic, Disk], 2).unwrap();
        let phrase = |same: &[ComponentKind]| outcome_of(&tolerance, &set(same)).phrase();
        assert_eq!(
            phrase(&[Os, System, Board, Nic, Disk]),
            "2 more of system UUID, main board serial, network card, system disk serial may change"
        );
        assert_eq!(phrase(&[Os, System, Board]), "nothing more may change");
        assert_eq!(phrase(&[System, Board, Nic, Disk]), "operating system id as it was");
        assert_eq!(
            phrase(&[Os, System]),
            "one of main board serial, network card, system disk serial as it was"
        );
        assert_eq!(
            phrase(&[Nic]),
            "operating system id, and one of system UUID, main board serial, system disk serial as it was"
        );
        let all = Tolerance::new([], [Nic, Disk], 2).unwrap();
        assert_eq!(outcome_of(&all, &set(&[])).phrase(), "network card and system disk serial as it was");
    }
}
