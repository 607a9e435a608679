//! One network card: what it is made of, and the address it has.

use super::tree::Tree;
use crate::model::Absence;

const CARDS: &str = "sys/class/net";

/// A card that speaks Ethernet, or Wi-Fi in its usual mode.
pub(super) struct Card<'a> {
    tree: &'a Tree,
    path: String,
    /// Something in the machine, or given to it, stands behind the card.
    pub(super) has_device: bool,
    /// A port of a bridge, or on another card: made by whoever manages this host.
    pub(super) is_stacked: bool,
    is_software: bool,
    is_bonded: bool,
}

impl<'a> Card<'a> {
    /// Every such card, in the order of their names.
    pub(super) fn all(tree: &'a Tree) -> Result<Vec<Self>, Absence> {
        Ok(tree.names(CARDS)?.into_iter().filter_map(|name| Self::look(tree, &name)).collect())
    }

    fn look(tree: &'a Tree, name: &str) -> Option<Self> {
        let path = format!("{CARDS}/{name}");
        // ARPHRD_ETHER of if_arp.h.
        tree.value(&format!("{path}/type")).ok().filter(|kind| kind == "1")?;
        let mut card = Self {
            tree,
            path: String::new(),
            has_device: false,
            is_stacked: false,
            is_software: false,
            is_bonded: false,
        };
        // One look into the folder instead of a question for each name.
        let names = tree.each_name(&path, |name| {
            match name {
                "device" => card.has_device = true,
                "bridge" | "bonding" | "tun_flags" => card.is_software = true,
                "bonding_slave" => card.is_bonded = true,
                "brport" => card.is_stacked = true,
                _ => card.is_stacked |= name.starts_with("lower_"),
            }
            false
        });
        names.ok().map(|()| Self { path, ..card })
    }

    /// Whether it is made by software, be it on a card; so are virtual functions, whose address is the hypervisor's choice.
    pub(super) fn is_software(&self) -> bool {
        self.is_software || (self.has_device && self.tree.has(&format!("{}/device/physfn", self.path)))
    }

    /// Whether it hangs on a cable that anybody may pull.
    pub(super) fn is_usb(&self) -> bool {
        let bus = || self.tree.link_name(&format!("{}/device/subsystem", self.path));
        self.has_device && bus().is_some_and(|bus| bus == "usb")
    }

    /// The address that it had before it became a part of a bond, which gives its members one.
    pub(super) fn permanent_address(&self) -> Option<String> {
        let read = || self.tree.value(&format!("{}/bonding_slave/perm_hwaddr", self.path));
        if self.is_bonded { read().ok() } else { None }
    }

    /// The address it has now.
    pub(super) fn address(&self) -> Result<String, Absence> {
        self.tree.value(&format!("{}/address", self.path))
    }

    /// How it came by that address: 0 from its maker, 1 at random, 2 from another card, 3 set (netdevice.h).
    pub(super) fn address_kind(&self) -> Option<String> {
        self.tree.value(&format!("{}/addr_assign_type", self.path)).ok()
    }
}
