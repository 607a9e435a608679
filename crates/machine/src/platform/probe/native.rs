//! The probe on macOS and Windows: the installation's id and the network cards.

use super::placeholder::is_placeholder;
use super::probed::{Finding, Probe, more_specific};
use super::{ids, nic};
use airlatch_core::model::{Absence, ComponentKind, Components, HostClass, HostIdentity};

/// Probes this machine; firmware, disk serials and the settings of a virtual host are not read here.
pub(super) fn probe(identity: &HostIdentity) -> Probe {
    let class = HostClass::BareMetal;
    let (mut components, mut absent) = (Components::default(), Vec::new());
    for kind in identity.profile(&class).kinds() {
        let finding = match kind {
            ComponentKind::Os => os(),
            ComponentKind::Nic => nics(),
            ComponentKind::Instance => ids::instance(identity),
            _ => Err(Absence::Missing),
        };
        match finding {
            Ok(values) => values.into_iter().for_each(|value| components.add(kind, value)),
            Err(absence) => absent.push((kind, absence)),
        }
    }
    Probe { class, components, absent }
}

fn os() -> Finding {
    let value = machine_uid::get().map_err(|error| Absence::Unreadable(error.to_string()))?;
    let value = value.trim().to_lowercase();
    if is_placeholder(&value) { Err(Absence::Placeholder(value)) } else { Ok(vec![value]) }
}

fn nics() -> Finding {
    let mut macs = Vec::new();
    let mut reason = Absence::Missing;
    for card in netdev::get_interfaces().into_iter().filter(netdev::Interface::is_physical) {
        let Some(address) = card.mac_addr else { continue };
        match nic::permanent(&address.to_string()) {
            Ok(mac) => macs.push(mac.bare()),
            Err(absence) => reason = more_specific(reason, absence),
        }
    }
    if macs.is_empty() { Err(reason) } else { Ok(macs) }
}
