//! The permanent addresses of the physical network cards, independent of their names and order.

use super::card::Card;
use super::placeholder::{is_placeholder, is_virtual_card};
use super::probed::{Finding, more_specific};
use super::tree::Tree;
use airlatch_core::model::{Absence, Mac};

/// Every card that is part of the machine: it has a device, is not a USB card, and its address is the manufacturer's.
pub(super) fn nics(tree: &Tree) -> Finding {
    let mut macs = Vec::new();
    let mut reason = Absence::Missing;
    for card in Card::all(tree)? {
        match address(&card) {
            Ok(mac) => macs.push(mac.bare()),
            Err(absence) => reason = more_specific(reason, absence),
        }
    }
    if macs.is_empty() { Err(reason) } else { Ok(macs) }
}

/// The permanent address of one card, or why it does not identify the machine.
fn address(card: &Card) -> Result<Mac, Absence> {
    if !card.has_device || card.is_software() || card.is_usb() {
        return Err(Absence::Missing);
    }
    match card.permanent_address() {
        Some(address) => permanent(&address),
        // 0: neither random, copied nor set.
        None if card.address_kind().as_deref() == Some("0") => permanent(&card.address()?),
        None => Err(Absence::Missing),
    }
}

/// Parses a permanent address; placeholders, local addresses and those of virtual cards are refused.
pub(super) fn permanent(text: &str) -> Result<Mac, Absence> {
    let mac: Mac = text.parse().map_err(|_| Absence::Unreadable(format!("`{text}` is not a MAC address")))?;
    if is_placeholder(text) || mac.unicast().is_err() || mac.is_local() || is_virtual_card(mac) {
        return Err(Absence::Placeholder(mac.to_string()));
    }
    Ok(mac)
}
