//! The burnt-in addresses of the physical network cards, in no way depending on their names and order.

use super::card::Card;
use super::placeholder::{is_placeholder, is_virtual_card};
use super::probed::{Finding, telling};
use super::tree::Tree;
use airlatch_core::model::{Absence, Mac};

/// Every card that is part of the machine: it has a device, is no USB dongle, and its address is its maker's.
pub(super) fn nics(tree: &Tree) -> Finding {
    let mut macs = Vec::new();
    let mut reason = Absence::Missing;
    for card in Card::all(tree)? {
        match address(&card) {
            Ok(mac) => macs.push(mac.bare()),
            Err(absence) => reason = telling(reason, absence),
        }
    }
    if macs.is_empty() { Err(reason) } else { Ok(macs) }
}

/// The address of one card, or why it says nothing about the machine.
fn address(card: &Card) -> Result<Mac, Absence> {
    if !card.has_device || card.is_software() || card.is_usb() {
        return Err(Absence::Missing);
    }
    match card.permanent_address() {
        Some(permanent) => owned(&permanent),
        // Neither random, stolen nor set.
        None if card.address_kind().as_deref() == Some("0") => owned(&card.address()?),
        None => Err(Absence::Missing),
    }
}

/// An address that its maker gave to one card.
pub(super) fn owned(text: &str) -> Result<Mac, Absence> {
    let mac: Mac = text.parse().map_err(|_| Absence::Unreadable(format!("`{text}` is no MAC address")))?;
    if is_placeholder(text) || mac.unicast().is_err() || mac.is_local() || is_virtual_card(mac) {
        return Err(Absence::Placeholder(mac.to_string()));
    }
    Ok(mac)
}
