//! Reads a key file, and repairs common damage of transfers of a public key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::crypto::{self, KeyFile};
use crate::model::{Cause, Reason, Result};

use super::secret::mentions_private_key;
use super::{Repair, limits, repair};

/// Reads the one key in a file. A public key that was damaged in transfer is repaired as a document is: no character of its
/// base64 is changed. A private key is never searched for in other text: it does not travel.
///
/// # Errors
/// Those of [`crypto::read_key`]; the line in the unrepaired file, where damage can't be repaired.
pub fn open_key(bytes: &[u8]) -> Result<(KeyFile, Vec<Repair>)> {
    let error = match crypto::read_key(bytes) {
        Ok(key) => return Ok((key, Vec::new())),
        Err(error) => error,
    };
    // A key of a wrong algorithm or a weak one is read, and no damage.
    let is_damage = matches!(error.reason(), Reason::BadKey | Reason::NotText | Reason::ForeignKey);
    if bytes.len() as u64 > limits::KEY_FILE || !is_damage || mentions_private_key(bytes) {
        return Err(error);
    }
    match repair::read_public_key(bytes) {
        Ok((key, repairs)) => {
            let pem = format!("-----BEGIN PUBLIC KEY-----{}-----END PUBLIC KEY-----", STANDARD.encode(key));
            Ok((crypto::read_key(pem.as_bytes())?, repairs))
        }
        Err(Some(found)) if error.reason() != Reason::ForeignKey => {
            Err(found.with_reason(Reason::BadKey).because(Cause::DamagedKey))
        }
        Err(_) => Err(error),
    }
}
