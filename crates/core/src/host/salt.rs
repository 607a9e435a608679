//! The salt of a host's hashes: one for each vendor and product.
//!
//! A desk can recognize a host by its hashes, and two vendors can't compare theirs.

use crate::crypto;
use crate::model::{KeyId, License, Lock, Salt, SystemId};

/// The salt for a request for `product`: that of the installation's last license for it, so the desk can compare the
/// hashes; otherwise one made from the product and, if exactly one key is trusted here, from that key.
pub fn salt<'a>(
    product: &str,
    system_id: SystemId,
    trusted: impl IntoIterator<Item = KeyId>,
    installed: impl IntoIterator<Item = &'a License>,
) -> Salt {
    let salt_of = |license: &License| match &license.lock {
        Lock::Fingerprint { system_id: of, fingerprint, .. }
            if *of == system_id && license.product == product =>
        {
            Some((license.issued, fingerprint.salt))
        }
        _ => None,
    };
    if let Some((_, salt)) = installed.into_iter().filter_map(salt_of).max() {
        return salt;
    }
    let mut trusted = trusted.into_iter();
    let vendor = match (trusted.next(), trusted.next()) {
        (Some(vendor), None) => Some(vendor),
        _ => None,
    };
    crypto::product_salt(vendor, product)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values from `printf 'airlatch salt v1\n\npbx' | sha256sum` and the like, so the bytes can't drift.
    #[test]
    fn bytes_are_those_of_the_specification() {
        let (system, key) = (SystemId::from_digest(&[1; 32]), KeyId::from_digest(&[2; 32]));
        assert_eq!(key.to_string(), "08107-40G2J-08101-40G2M-08103");
        assert_eq!(salt("pbx", system, [], []), 0x248e0b570d3e471b0d80a272d9da7bc8_u128.to_be_bytes());
        assert_eq!(salt("pbx", system, [key], []), 0xdbab4ad8094334e681bb4a8500345cf2_u128.to_be_bytes());
        assert_eq!(salt("pbx", system, [key, key], []), salt("pbx", system, [], []));
        assert_ne!(salt("phone", system, [key], []), salt("pbx", system, [key], []));
    }
}
