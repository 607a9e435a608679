//! The burnt-in addresses of the physical network cards, in no way depending on their names and order.

use super::placeholder::{is_placeholder, is_virtual_card};
use super::tree::Tree;
use super::{Finding, telling};
use crate::model::{Absence, Mac};

pub(super) const CARDS: &str = "sys/class/net";
/// What only software interfaces have, and virtual functions, whose address is the hypervisor's choice.
const SOFTWARE: [&str; 4] = ["bridge", "bonding", "tun_flags", "device/physfn"];

/// Every card that is part of the machine: it has a device, is no USB dongle, and its address is its maker's.
pub(super) fn nics(tree: &Tree) -> Finding {
    let mut macs = Vec::new();
    let mut reason = Absence::Missing;
    for name in tree.names(CARDS)? {
        match address(tree, &format!("{CARDS}/{name}")) {
            Ok(mac) => macs.push(mac.bare()),
            Err(absence) => reason = telling(reason, absence),
        }
    }
    if macs.is_empty() { Err(reason) } else { Ok(macs) }
}

/// The address of one card, or why it says nothing about the machine.
fn address(tree: &Tree, card: &str) -> Result<Mac, Absence> {
    let is =
        |file: &str, value: &str| tree.value(&format!("{card}/{file}")).is_ok_and(|found| found == value);
    let given = tree.has(&format!("{card}/device")) && !is_software(tree, card) && !is_usb(tree, card);
    if !given || !is_ethernet(tree, card) {
        return Err(Absence::Missing);
    }
    // A bond gives its members one address; the kernel keeps what each had before.
    let text = match tree.value(&format!("{card}/bonding_slave/perm_hwaddr")) {
        Ok(permanent) => permanent,
        // NET_ADDR_PERM of netdevice.h: neither random, stolen nor set.
        Err(_) if is("addr_assign_type", "0") => tree.value(&format!("{card}/address"))?,
        Err(_) => return Err(Absence::Missing),
    };
    owned(&text)
}

/// Whether an interface speaks Ethernet, or Wi-Fi in its usual mode: ARPHRD_ETHER of if_arp.h.
pub(super) fn is_ethernet(tree: &Tree, card: &str) -> bool {
    tree.value(&format!("{card}/type")).is_ok_and(|kind| kind == "1")
}

/// Whether an interface is made by software, be it on a card.
pub(super) fn is_software(tree: &Tree, card: &str) -> bool {
    SOFTWARE.iter().any(|mark| tree.has(&format!("{card}/{mark}")))
}

/// Whether a card hangs on a cable that anybody may pull.
pub(super) fn is_usb(tree: &Tree, card: &str) -> bool {
    tree.link_name(&format!("{card}/device/subsystem")).is_some_and(|bus| bus == "usb")
}

/// An address that its maker gave to one card.
pub(super) fn owned(text: &str) -> Result<Mac, Absence> {
    let mac: Mac = text.parse().map_err(|_| Absence::Unreadable(format!("`{text}` is no MAC address")))?;
    if is_placeholder(text) || mac.unicast().is_err() || mac.is_local() || is_virtual_card(mac) {
        return Err(Absence::Placeholder(mac.to_string()));
    }
    Ok(mac)
}
