//! One network card: what it is made of, and the address it has.

use super::tree::Tree;
use airlatch_core::model::Absence;

const CARDS: &str = "sys/class/net";

/// A card that speaks Ethernet, or Wi-Fi in its usual mode.
pub(super) struct Card {
    folder: Tree,
    /// Something in the machine, or given to it, stands behind the card.
    pub(super) has_device: bool,
    /// A port of a bridge, or on another card: made by whoever manages this host.
    pub(super) is_stacked: bool,
    is_software: bool,
    is_bonded: bool,
}

impl Card {
    /// Every such card, in the order of their names; one after the other, since each holds its folder open.
    pub(super) fn all(tree: &Tree) -> Result<impl Iterator<Item = Self>, Absence> {
        let names = tree.names(CARDS)?;
        Ok(names.into_iter().filter_map(|name| Self::look(tree.below(&format!("{CARDS}/{name}")).ok()?)))
    }

    fn look(folder: Tree) -> Option<Self> {
        // ARPHRD_ETHER of if_arp.h.
        folder.value("type").ok().filter(|kind| kind == "1")?;
        let (mut has_device, mut is_stacked, mut is_software, mut is_bonded) = (false, false, false, false);
        // One look into the folder instead of a question for each name.
        let looked = folder.each_name(|name| match name {
            "device" => has_device = true,
            "bridge" | "bonding" | "tun_flags" => is_software = true,
            "bonding_slave" => is_bonded = true,
            "brport" => is_stacked = true,
            _ => is_stacked |= name.starts_with("lower_"),
        });
        looked.ok().map(|()| Self { folder, has_device, is_stacked, is_software, is_bonded })
    }

    /// What it is called on this host; anybody may change that.
    pub(super) fn name(&self) -> &str {
        self.folder.name()
    }

    /// Whether it is made by software, be it on a card; so are virtual functions, whose address is the hypervisor's choice.
    pub(super) fn is_software(&self) -> bool {
        self.is_software || (self.has_device && self.folder.has("device/physfn"))
    }

    /// Whether it hangs on a cable that anybody may pull.
    pub(super) fn is_usb(&self) -> bool {
        let bus = || self.folder.link_name("device/subsystem");
        self.has_device && bus().is_some_and(|bus| bus == "usb")
    }

    /// The address that it had before it became a part of a bond, which gives its members one.
    pub(super) fn permanent_address(&self) -> Option<String> {
        let read = || self.folder.value("bonding_slave/perm_hwaddr");
        if self.is_bonded { read().ok() } else { None }
    }

    /// The address it has now.
    pub(super) fn address(&self) -> Result<String, Absence> {
        self.folder.value("address")
    }

    /// How it came by that address: 0 from its maker, 1 at random, 2 from another card, 3 set (netdevice.h).
    pub(super) fn address_kind(&self) -> Option<String> {
        self.folder.value("addr_assign_type").ok()
    }
}
