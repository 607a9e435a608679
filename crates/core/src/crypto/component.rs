//! The hashes of a host's components: salted ones for a fingerprint, and the groups of a Locking ID.

use super::digest;
use crate::model::{ComponentKind, Components, Hash16, HostFacts, HostKind, KeyId, LockingId, Salt};

/// The salted hash of one component: the first 16 bytes of a SHA-256 over salt, kind and value.
pub fn component_hash(salt: &Salt, kind: ComponentKind, value: &str) -> Hash16 {
    let digest = digest("component", &[salt, kind.word().as_bytes(), b"\n", value.as_bytes()]);
    std::array::from_fn(|i| digest[i])
}

/// The salt of the hashes for a product, of the vendor with this key; `None` where a host trusts no key, or several.
pub fn product_salt(vendor: Option<KeyId>, product: &str) -> Salt {
    let vendor = vendor.map(|key| key.to_string()).unwrap_or_default();
    let digest = digest("salt", &[vendor.as_bytes(), b"\n", product.as_bytes()]);
    std::array::from_fn(|at| digest[at])
}

/// The 20 bits of a component in a Locking ID; never 0, which stands for an absent component.
pub fn locking_bits(kind: ComponentKind, value: &str) -> u32 {
    let digest = digest("locking", &[kind.word().as_bytes(), b"\n", value.as_bytes()]);
    let bits = u32::from(digest[0]) << 12 | u32::from(digest[1]) << 4 | u32::from(digest[2]) >> 4;
    bits.max(1)
}

/// The Locking ID of a host. Of several values of a kind (network cards), the lowest one is used.
pub fn locking_id(facts: &HostFacts) -> LockingId {
    locking_id_of(facts.host_kind(), &facts.components)
}

/// The Locking ID of a host of this kind with these components.
pub fn locking_id_of(kind: HostKind, components: &Components) -> LockingId {
    let mut groups = [0; 5];
    for kind in components.kinds() {
        let bits = components.get(kind).first().map_or(0, |value| locking_bits(kind, value));
        // If a host has two kinds with the same group, the first in the order of the kinds is used.
        if groups[kind.group()] == 0 {
            groups[kind.group()] = bits;
        }
    }
    LockingId::of_host(kind, groups)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values from `printf 'airlatch locking v1\nos\n4b0a' | sha256sum` and the like, so the bytes can't drift.
    #[test]
    fn bytes_are_those_of_the_specification() {
        assert_eq!(locking_bits(ComponentKind::Os, "4b0a"), 0x235bb);
        let hash = component_hash(&[7; 16], ComponentKind::Nic, "02-00-00-00-00-01");
        assert_eq!(hash, 0x51a0f5a1b6f47e5f2304e0818ebd6b9d_u128.to_be_bytes());
    }

    #[test]
    fn equal_values_of_another_kind_or_salt_have_another_hash() {
        let hash = |salt: u8, kind| component_hash(&[salt; 16], kind, "same");
        assert_ne!(hash(1, ComponentKind::Board), hash(1, ComponentKind::Disk));
        assert_ne!(hash(1, ComponentKind::Board), hash(2, ComponentKind::Board));
        assert_ne!(locking_bits(ComponentKind::Board, "same"), locking_bits(ComponentKind::Disk, "same"));
    }

    #[test]
    fn a_locking_id_has_a_group_for_each_present_kind_and_takes_the_lowest_card() {
        let mut components = Components::default();
        components.add(ComponentKind::Nic, "b");
        components.add(ComponentKind::Nic, "a");
        let id = locking_id_of(HostKind::BareMetal, &components);
        assert_eq!(id.group(ComponentKind::Nic), Some(locking_bits(ComponentKind::Nic, "a")));
        assert_eq!(id.components().collect::<Vec<_>>(), [ComponentKind::Nic]);
    }

    /// This value was found by search: it is the first number whose digest begins with 20 zero bits.
    #[test]
    fn zero_bits_become_one() {
        assert_eq!(locking_bits(ComponentKind::Nic, "364524"), 1);
    }
}
