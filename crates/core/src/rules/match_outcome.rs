//! Whether enough components match a lock: what is missing, or how many may still change.

use std::collections::BTreeSet;

use crate::model::{Comparison, ComponentKind, Lock, Tolerance};

use super::compare::matching;

/// Whether enough components match a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MatchOutcome {
    /// Enough match: `count` of the `optional` ones may still change, and all of `ignored`.
    Spare {
        /// How many of the optional components may change.
        count: usize,
        /// The optional components that match.
        optional: BTreeSet<ComponentKind>,
        /// The components that match but are not part of the tolerance: they may change too.
        ignored: BTreeSet<ComponentKind>,
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
        let counted = |kind: &&ComponentKind| {
            tolerance.required().contains(*kind) || tolerance.optional().contains(*kind)
        };
        let ignored = matching.iter().filter(|kind| !counted(kind)).copied().collect();
        return MatchOutcome::Spare { count, optional, ignored };
    }
    MatchOutcome::Missing {
        required: tolerance.required().difference(matching).copied().collect(),
        count: minimum.saturating_sub(optional.len()),
        optional: tolerance.optional().difference(matching).copied().collect(),
    }
}

impl MatchOutcome {
    /// A phrase for people: `one of network card, system disk serial back to its old value`, or `nothing more may change`.
    pub fn phrase(&self) -> String {
        match self {
            Self::Spare { count, optional, ignored } => {
                let counted = (*count > 0).then(|| format!("{count} of {}", names(optional, ", ")));
                let ignored = (!ignored.is_empty()).then(|| names(ignored, ", "));
                let all: Vec<_> = counted.into_iter().chain(ignored).collect();
                match all.is_empty() {
                    true => "nothing more may change".into(),
                    false => format!("may still change: {}", all.join("; ")),
                }
            }
            Self::Missing { required, count, optional } => {
                let all = (!required.is_empty()).then(|| names(required, " and "));
                let choice = (*count > 0).then(|| match count {
                    // If all of them are needed, there is no choice to name.
                    _ if *count == optional.len() => names(optional, " and "),
                    1 => format!("one of {}", names(optional, ", ")),
                    _ => format!("{count} of {}", names(optional, ", ")),
                });
                let parts: Vec<_> = all.into_iter().chain(choice).collect();
                let back = match required.len() + count {
                    1 => "back to its old value",
                    _ => "back to their old values",
                };
                format!("{} {back}", parts.join(", and "))
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
            "may still change: 2 of system UUID, main board serial, network card, system disk serial"
        );
        assert_eq!(phrase(&[Os, System, Board]), "nothing more may change");
        assert_eq!(phrase(&[System, Board, Nic, Disk]), "operating system id back to its old value");
        assert_eq!(
            phrase(&[Os, System]),
            "one of main board serial, network card, system disk serial back to its old value"
        );
        assert_eq!(
            phrase(&[Nic]),
            "operating system id, and one of system UUID, main board serial, system disk serial back to their old values"
        );
        let all = Tolerance::new([], [Nic, Disk], 2).unwrap();
        assert_eq!(
            outcome_of(&all, &set(&[])).phrase(),
            "network card and system disk serial back to their old values"
        );
        let one = Tolerance::new([Os], [], 0).unwrap();
        assert_eq!(
            outcome_of(&one, &set(&[Os, Nic, Disk])).phrase(),
            "may still change: network card, system disk serial"
        );
    }
}
