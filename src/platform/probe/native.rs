//! The probe on macOS and Windows: the installation's id and the network cards.

use super::placeholder::is_placeholder;
use super::{Finding, Probe, nic, telling};
use crate::model::{Absence, ComponentKind, Components, HostClass};

/// Probes this machine; firmware and disk serials are not read here.
pub(super) fn probe() -> Probe {
    let mut found =
        Probe { class: HostClass::BareMetal, components: Components::default(), absent: Vec::new() };
    found.note(ComponentKind::Os, os());
    found.note(ComponentKind::System, Err(Absence::Missing));
    found.note(ComponentKind::Board, Err(Absence::Missing));
    found.note(ComponentKind::Nic, nics());
    found.note(ComponentKind::Disk, Err(Absence::Missing));
    found
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
        match nic::owned(&address.to_string()) {
            Ok(mac) => macs.push(mac.bare()),
            Err(absence) => reason = telling(reason, absence),
        }
    }
    if macs.is_empty() { Err(reason) } else { Ok(macs) }
}
