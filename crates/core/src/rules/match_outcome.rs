//! How far the components of a host are from what a lock needs, either way: what is missing, or what may still change.

use std::collections::BTreeSet;

use crate::model::{Comparison, ComponentKind, Lock, Tolerance};

use super::compare::matching;

/// How the matching components stand to what a lock needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MatchOutcome {
    /// The lock holds, and so many of `of` may still change; what is required may not.
    Spare {
        /// So many of the optional components that match.
        more: usize,
        /// Those that match and are optional.
        of: BTreeSet<ComponentKind>,
        /// Those that have to stay as they are.
        required: BTreeSet<ComponentKind>,
    },
    /// The lock does not hold: all of `required`, and so many of `of`, would have to be as they were.
    Missing {
        /// The required ones that don't match.
        required: BTreeSet<ComponentKind>,
        /// So many of the optional ones that don't match.
        more: usize,
        /// The optional ones that don't match.
        of: BTreeSet<ComponentKind>,
    },
}

/// How far a lock is from holding, or from holding no more; `None` for locks without components.
pub fn enough(lock: &Lock, rows: &[Comparison]) -> Option<MatchOutcome> {
    let (Lock::Fingerprint { tolerance, .. } | Lock::LockingId { tolerance, .. }) = lock else { return None };
    Some(distance(tolerance, &matching(rows)))
}

/// The same for the components that match.
pub(super) fn distance(tolerance: &Tolerance, same: &BTreeSet<ComponentKind>) -> MatchOutcome {
    let optional: BTreeSet<_> = tolerance.optional().intersection(same).copied().collect();
    let minimum = tolerance.minimum();
    if tolerance.is_met_by(same) {
        let more = optional.len() - minimum;
        return MatchOutcome::Spare { more, of: optional, required: tolerance.required().clone() };
    }
    MatchOutcome::Missing {
        required: tolerance.required().difference(same).copied().collect(),
        more: minimum.saturating_sub(optional.len()),
        of: tolerance.optional().difference(same).copied().collect(),
    }
}

impl MatchOutcome {
    /// In words: `one of network card, system disk serial as it was`, or `none of the others may change`.
    pub fn words(&self) -> String {
        match self {
            Self::Spare { more: 0, of, required } if of.is_empty() => {
                format!("{} as it is, the rest may change", names(required, " and "))
            }
            Self::Spare { more: 0, .. } => "nothing more may change".into(),
            Self::Spare { more, of, .. } => format!("{more} more of {} may change", names(of, ", ")),
            Self::Missing { required, more: 0, .. } => format!("{} as it was", names(required, " and ")),
            Self::Missing { required, more, of } => {
                let required =
                    if required.is_empty() { String::new() } else { names(required, " and ") + ", and " };
                // All of them needed is no choice.
                if *more == of.len() {
                    return format!("{required}{} as it was", names(of, " and "));
                }
                let number = if *more == 1 { "one".into() } else { more.to_string() };
                format!("{required}{number} of {} as it was", names(of, ", "))
            }
        }
    }
}

fn names(kinds: &BTreeSet<ComponentKind>, between: &str) -> String {
    kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(between)
}

#[cfg(test)]
mod tests {
    use super::ComponentKind::{Board, Disk, Nic, Os, System};
    use super::*;

    fn of(kinds: &[ComponentKind]) -> BTreeSet<ComponentKind> {
        kinds.iter().copied().collect()
    }

    #[test]
    fn what_is_missing_is_named_and_nothing_that_is_there() {
        let tolerance = Tolerance::new([Os], [System, Board, Nic, Disk], 2).unwrap();
        let words = |same: &[ComponentKind]| distance(&tolerance, &of(same)).words();
        assert_eq!(
            words(&[Os, System, Board, Nic, Disk]),
            "2 more of system UUID, main board serial, network card, system disk serial may change"
        );
        assert_eq!(words(&[Os, System, Board]), "nothing more may change");
        assert_eq!(words(&[System, Board, Nic, Disk]), "operating system id as it was");
        assert_eq!(
            words(&[Os, System]),
            "one of main board serial, network card, system disk serial as it was"
        );
        assert_eq!(
            words(&[Nic]),
            "operating system id, and one of system UUID, main board serial, system disk serial as it was"
        );
        let all = Tolerance::new([], [Nic, Disk], 2).unwrap();
        assert_eq!(distance(&all, &of(&[])).words(), "network card and system disk serial as it was");
    }
}
