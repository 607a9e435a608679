//! The component `net` of a virtual host: network cards, default gateway and DNS server, as selected by the operator.

use std::net::{IpAddr, Ipv4Addr};

use super::card::Card;
use super::placeholder::is_placeholder;
use super::probed::{Finding, more_specific};
use super::tree::Tree;
use airlatch_core::model::{Absence, HostClass, Mac, NetSetting};

/// The most bytes read of the routing table.
const MAX_TEXT: u64 = 64 * 1024;

/// A value for each card, followed by the other selected settings. If one of them is missing, there is no value.
pub(super) fn net(tree: &Tree, class: &HostClass, settings: &[NetSetting]) -> Finding {
    let mut others = Vec::new();
    for setting in settings {
        match setting {
            NetSetting::Mac => {}
            NetSetting::Gateway => others.push(gateway(tree)?),
            NetSetting::Resolver => others.push(resolver(tree)?),
        }
    }
    if !settings.contains(&NetSetting::Mac) {
        return if others.is_empty() { Err(Absence::Missing) } else { Ok(vec![others.join(" ")]) };
    }
    let with_others = |mac: Mac| {
        let parts = std::iter::once(mac.bare()).chain(others.iter().cloned());
        parts.collect::<Vec<_>>().join(" ")
    };
    Ok(cards(tree, class)?.into_iter().map(with_others).collect())
}

/// The cards provided to the host: those with a device, or in a container those that are not stacked.
fn cards(tree: &Tree, class: &HostClass) -> Result<Vec<Mac>, Absence> {
    let in_container = matches!(class, HostClass::Container(_));
    let mut macs = Vec::new();
    let mut reason = Absence::Missing;
    for card in Card::all(tree)? {
        let is_provided = if in_container { !card.is_stacked } else { card.has_device };
        if !is_provided || card.is_software() || card.is_usb() {
            continue;
        }
        match address(&card) {
            Ok(mac) => macs.push(mac),
            Err(absence) => reason = more_specific(reason, absence),
        }
    }
    if macs.is_empty() { Err(reason) } else { Ok(macs) }
}

/// The address of a card. It may be set by the hypervisor's software, but must not be random at each start.
fn address(card: &Card) -> Result<Mac, Absence> {
    let text = match card.permanent_address() {
        Some(permanent) => permanent,
        None => match card.address_kind().as_deref() {
            Some("1") => return Err(Absence::Volatile(format!("the address of {}", card.name()))),
            Some("2") => return Err(Absence::Missing),
            _ => card.address()?,
        },
    };
    let mac: Mac = text.parse().map_err(|_| Absence::Unreadable(format!("`{text}` is not a MAC address")))?;
    if is_placeholder(&text) || mac.unicast().is_err() {
        return Err(Absence::Placeholder(mac.to_string()));
    }
    Ok(mac)
}

/// The gateway of the default route with the lowest metric.
fn gateway(tree: &Tree) -> Result<String, Absence> {
    let table = tree.text("proc/net/route", MAX_TEXT);
    let route = |line: &str| -> Option<(u32, Ipv4Addr)> {
        let cells: Vec<&str> = line.split_whitespace().collect();
        let is_default = cells.get(1) == Some(&"00000000") && cells.get(7) == Some(&"00000000");
        let gateway = u32::from_str_radix(cells.get(2)?, 16).ok().filter(|gateway| *gateway != 0)?;
        // The kernel prints the address as a number in native byte order.
        is_default.then_some((cells.get(6)?.parse().ok()?, Ipv4Addr::from(gateway.to_ne_bytes())))
    };
    let (_, address) = table.lines().filter_map(route).min().ok_or(Absence::Missing)?;
    Ok(address.to_string())
}

/// The first DNS server, unless it is a local forwarder.
fn resolver(tree: &Tree) -> Result<String, Absence> {
    let text = tree.text("etc/resolv.conf", MAX_TEXT);
    let server = |line: &str| {
        let mut words = line.split_whitespace();
        let is_server = words.next() == Some("nameserver");
        words.next().filter(|_| is_server)?.split('%').next()?.parse::<IpAddr>().ok()
    };
    let address = text.lines().find_map(server).ok_or(Absence::Missing)?;
    if address.is_loopback() {
        return Err(Absence::Placeholder(address.to_string()));
    }
    Ok(address.to_string())
}
