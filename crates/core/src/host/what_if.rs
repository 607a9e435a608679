//! The host as it would be after components were replaced.

use crate::model::{Cause, ComponentKind, Components, Error, HostFacts, Mac, Reason, Result};

/// A component to be replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// The kind of component.
    pub kind: ComponentKind,
    /// The value of the one to replace; `None` is all of the kind.
    pub value: Option<String>,
}

/// The value of a replaced component. It never occurs on a host, since component values have no control characters.
const NEW: &str = "\u{7f}replaced";

/// The facts of this host with these components replaced by unknown ones.
///
/// # Errors
/// `bad-value` if the host has no such component: replacing it would change nothing.
pub fn replace(facts: &HostFacts, replaced: &[Replacement]) -> Result<HostFacts> {
    let mut left: Vec<(ComponentKind, &str)> = facts
        .components
        .kinds()
        .flat_map(|kind| facts.components.get(kind).iter().map(move |value| (kind, value.as_str())))
        .collect();
    for part in replaced {
        let wanted = part.value.as_deref().map(|value| canonical(part.kind, value));
        let goes = |(kind, value): &(ComponentKind, &str)| {
            *kind == part.kind && wanted.as_deref().is_none_or(|wanted| wanted == *value)
        };
        if !facts.components.get(part.kind).iter().any(|value| goes(&(part.kind, value))) {
            return Err(unknown(part, facts));
        }
        left.retain(|one| !goes(one));
    }
    let mut components = Components::default();
    left.into_iter().for_each(|(kind, value)| components.add(kind, value));
    replaced.iter().for_each(|part| components.add(part.kind, NEW));
    Ok(HostFacts { components, ..facts.clone() })
}

fn canonical(kind: ComponentKind, value: &str) -> String {
    match (kind, value.parse::<Mac>()) {
        (ComponentKind::Nic | ComponentKind::Net, Ok(mac)) => mac.bare(),
        _ => value.to_owned(),
    }
}

fn unknown(part: &Replacement, facts: &HostFacts) -> Error {
    let name = part.kind.name();
    let there = facts.components.get(part.kind);
    if there.is_empty() {
        let why = facts.absent.iter().find(|(kind, _)| *kind == part.kind).map(|(_, why)| why.to_string());
        let error =
            Error::new(Reason::BadValue, format!("this host has no {name}, so no license depends on it"))
                .because(Cause::NoSuchComponent);
        let error = why.into_iter().fold(error, |error, why| error.detail(format!("{:<6} {why}", part.kind)));
        let kinds: Vec<_> = facts.components.kinds().map(ComponentKind::word).collect();
        return error.detail(format!("{:<6} {}", "it has", kinds.join(", ")));
    }
    let error =
        Error::new(Reason::BadValue, format!("this host has no such {name}")).because(Cause::NoSuchComponent);
    there.iter().fold(error, |error, value| error.detail(format!("it has  {value}")))
}

#[cfg(test)]
mod tests {
    use super::ComponentKind::{Disk, Nic};
    use super::*;
    use crate::model::{HostClass, HostMemory};

    fn host() -> HostFacts {
        let mut components = Components::default();
        components.add(Nic, "0004f1144bd4");
        components.add(Nic, "0004f1144bd5");
        let (class, memory) = (HostClass::BareMetal, HostMemory::default());
        HostFacts { system_id: None, site: None, class, components, absent: vec![], memory, stored: None }
    }

    #[test]
    fn one_card_or_all_cards_are_replaced_and_an_absent_component_is_refused() {
        let part = |kind, value: Option<&str>| [Replacement { kind, value: value.map(Into::into) }];
        let one = replace(&host(), &part(Nic, Some("00:04:F1:14:4B:D4"))).unwrap();
        assert_eq!(one.components.get(Nic), ["0004f1144bd5", NEW]);
        assert_eq!(replace(&host(), &part(Nic, None)).unwrap().components.get(Nic), [NEW]);
        for absent in [part(Disk, None), part(Nic, Some("0004f1144bd6"))] {
            assert_eq!(replace(&host(), &absent).unwrap_err().reason(), Reason::BadValue);
        }
    }
}
