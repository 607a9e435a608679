//! Keys, signatures and digests: the only room that decides whether a document is genuine and trusted.
//!
//! Bytes become a [`Sealed`], and [`check`] makes it a [`Verified`]. Nothing else makes a [`Verified`] value.

mod component;
mod digest;
mod encrypted;
mod foreign;
mod key_file;
mod one_line_key;
mod passphrase;
mod private_key;
mod public_key;
mod sealed;
mod trusted;
mod verified;

pub use component::{component_hash, locking_bits, locking_id, locking_id_of, product_salt};
pub use digest::{digest, sha256};
pub use encrypted::{EncryptedKey, MAX_PBKDF2_ROUNDS, MAX_SCRYPT_MEMORY, MAX_SCRYPT_WORK};
pub use foreign::foreign_file;
pub use key_file::{KeyFile, MAX_KEY_FILE, expect_private, expect_public, read_key};
pub use passphrase::{MAX_PASSPHRASE, Passphrase};
pub use private_key::PrivateKey;
pub use public_key::{PublicKey, verify_bytes};
pub use sealed::{MAX_PAYLOAD, Sealed, seal};
pub use trusted::TrustedSet;
pub use verified::{Verified, check, check_host_signed, signed_kind};
