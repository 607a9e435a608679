//! One network card: its kind and its MAC address.

use super::tree::Tree;
use airlatch_core::model::Absence;

const CARDS: &str = "sys/class/net";

/// An Ethernet card, or a Wi-Fi card in managed mode.
pub(super) struct Card {
    folder: Tree,
    /// Whether it has a device, physical or provided by a hypervisor.
    pub(super) has_device: bool,
    /// Whether it is a bridge port or based on another card: configured on this host.
    pub(super) is_stacked: bool,
    is_software: bool,
    is_bonded: bool,
}

impl Card {
    /// Every such card, in the order of their names. The iterator is lazy, since each card keeps a directory handle open.
    pub(super) fn all(tree: &Tree) -> Result<impl Iterator<Item = Self>, Absence> {
        let names = tree.names(CARDS)?;
        Ok(names.into_iter().filter_map(|name| Self::read(tree.below(&format!("{CARDS}/{name}")).ok()?)))
    }

    fn read(folder: Tree) -> Option<Self> {
        // ARPHRD_ETHER of if_arp.h.
        folder.value("type").ok().filter(|kind| kind == "1")?;
        let (mut has_device, mut is_stacked, mut is_software, mut is_bonded) = (false, false, false, false);
        // Listing the folder once is faster than a system call for each name.
        let listed = folder.each_name(|name| match name {
            "device" => has_device = true,
            "bridge" | "bonding" | "tun_flags" => is_software = true,
            "bonding_slave" => is_bonded = true,
            "brport" => is_stacked = true,
            _ => is_stacked |= name.starts_with("lower_"),
        });
        listed.ok().map(|()| Self { folder, has_device, is_stacked, is_software, is_bonded })
    }

    /// Its name on this host, which an operator may change.
    pub(super) fn name(&self) -> &str {
        self.folder.name()
    }

    /// Whether it is a software interface, or a virtual function (SR-IOV), whose address the hypervisor chooses.
    pub(super) fn is_software(&self) -> bool {
        self.is_software || (self.has_device && self.folder.has("device/physfn"))
    }

    /// Whether it is a USB card, which is easily removed.
    pub(super) fn is_usb(&self) -> bool {
        let bus = || self.folder.link_name("device/subsystem");
        self.has_device && bus().is_some_and(|bus| bus == "usb")
    }

    /// The permanent address of a bond member; the bond gives all its members one address.
    pub(super) fn permanent_address(&self) -> Option<String> {
        let read = || self.folder.value("bonding_slave/perm_hwaddr");
        if self.is_bonded { read().ok() } else { None }
    }

    /// The present address.
    pub(super) fn address(&self) -> Result<String, Absence> {
        self.folder.value("address")
    }

    /// The source of that address: 0 permanent, 1 random, 2 copied from another card, 3 set (netdevice.h).
    pub(super) fn address_kind(&self) -> Option<String> {
        self.folder.value("addr_assign_type").ok()
    }
}
