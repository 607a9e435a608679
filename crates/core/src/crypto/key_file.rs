//! Key files: reads one public, private or encrypted key from PEM text.

use pkcs8::der::Decode;
use pkcs8::der::pem::Error as PemError;
use pkcs8::der::{Error as DerError, ErrorKind, SecretDocument};
use pkcs8::spki::SubjectPublicKeyInfoRef;

use super::{EncryptedKey, Passphrase, PrivateKey, PublicKey, foreign, one_line_key};
use crate::model::text::{self, Encoding};
use crate::model::{Error, Reason, Result};

/// The largest key file, in bytes: 16 KiB.
pub const MAX_KEY_FILE: usize = 16 * 1024;

/// What a key file holds.
#[derive(Debug)]
pub enum KeyFile {
    /// A public key: PEM `PUBLIC KEY`.
    Public(PublicKey),
    /// An unencrypted private key: PEM `PRIVATE KEY`.
    Private(PrivateKey),
    /// A private key encrypted with a passphrase: PEM `ENCRYPTED PRIVATE KEY`.
    Encrypted(EncryptedKey),
}

impl PublicKey {
    /// A key from PEM text.
    ///
    /// # Errors
    /// As [`read_key`], and `private-key-given`.
    pub fn from_pem(text: &str) -> Result<Self> {
        expect_public(read_key(text.as_bytes())?)
    }
}

/// Reads the one key in a file.
///
/// Any line ends, a block on one line, a byte order mark, a missing last line end and blanks around the block are accepted; any other text
/// besides the key is an error.
///
/// # Errors
/// `too-large` beyond [`MAX_KEY_FILE`], `empty`, `not-text`, `foreign-key` for a key of another tool, `bad-key` for a
/// damaged or incomplete key or several keys, `weak-key`, `key-mismatch`, `costly-key`.
pub fn read_key(bytes: &[u8]) -> Result<KeyFile> {
    if bytes.len() > MAX_KEY_FILE {
        let message =
            format!("{} bytes are too many for a key file, the limit is {MAX_KEY_FILE}", bytes.len());
        return Err(Error::new(Reason::TooLarge, message));
    }
    let text = key_text(bytes)?;
    let in_lines = one_line_key::in_lines(text);
    let text = in_lines.as_deref().map_or(text, String::as_str);
    foreign::refuse_format(text)?;
    let label = only_block(text)?;
    let (_, document) = SecretDocument::from_pem(text).map_err(|error| damaged(&error))?;
    let der = document.as_bytes();
    match label {
        "PUBLIC KEY" => public_from_der(der).map(KeyFile::Public),
        "PRIVATE KEY" => PrivateKey::from_der(der).map(KeyFile::Private),
        "ENCRYPTED PRIVATE KEY" => EncryptedKey::from_der(der).map(KeyFile::Encrypted),
        _ => Err(bad("the block in this file is not a key")),
    }
}

/// The public key of a file.
///
/// # Errors
/// `private-key-given`: a private key in a place for public keys would soon be known to others.
pub fn expect_public(file: KeyFile) -> Result<PublicKey> {
    let private = |message: String| {
        Err(Error::new(Reason::PrivateKeyGiven, message)
            .detail("a private key does not belong here: remove it, and replace it if others saw it"))
    };
    match file {
        KeyFile::Public(key) => Ok(key),
        KeyFile::Private(key) => private(format!("this is the private key of {}", key.public().key_id())),
        KeyFile::Encrypted(_) => private("this is an encrypted private key".into()),
    }
}

/// The private key of a file; `passphrase` is called only if the key is encrypted.
///
/// # Errors
/// `public-key-given`, those of `passphrase`, and those of [`EncryptedKey::open`].
pub fn expect_private(file: KeyFile, passphrase: impl FnOnce() -> Result<Passphrase>) -> Result<PrivateKey> {
    match file {
        KeyFile::Private(key) => Ok(key),
        KeyFile::Encrypted(key) => key.open(&passphrase()?),
        KeyFile::Public(key) => {
            let message = format!("this is the public key {}; its private key is needed", key.key_id());
            Err(Error::new(Reason::PublicKeyGiven, message))
        }
    }
}

fn bad(message: impl Into<String>) -> Error {
    Error::new(Reason::BadKey, message)
}

/// The text of a file without byte order mark and surrounding blanks. It may be secret: no message shows any of it.
fn key_text(bytes: &[u8]) -> Result<&str> {
    let not_text = |message| Err(Error::new(Reason::NotText, message));
    if bytes.iter().all(|byte| *byte == 0) {
        return Err(Error::new(Reason::Empty, "the key file is empty"));
    }
    if let (Some(Encoding::Utf16(_)), _) = text::split_bom(bytes) {
        return not_text("this key file is UTF-16 text: save it as UTF-8 or plain text");
    }
    let text = match std::str::from_utf8(text::without_bom(bytes)) {
        Ok(text) if !text.contains('\0') => text,
        _ if bytes[0] == 0x30 => {
            return not_text("this key file is binary, perhaps DER: convert it to PEM text");
        }
        _ => return not_text("this key file is not text"),
    };
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::new(Reason::Empty, "the key file is empty"));
    }
    Ok(text)
}

/// The label of the PEM block, which has to be the only text in the file.
fn only_block(text: &str) -> Result<&str> {
    const BEGIN: &str = "-----BEGIN ";
    if BEGIN.starts_with(text) {
        return Err(cut_off());
    }
    match text.matches(BEGIN).count() {
        0 => return Err(bad("there is no key in this file")),
        1 => {}
        blocks => return Err(bad(format!("there are {blocks} blocks in this file, not one key"))),
    }
    let Some(rest) = text.strip_prefix(BEGIN) else {
        return Err(bad("there is other text before the key"));
    };
    let line = rest.split(['\r', '\n']).next().unwrap_or_default();
    let Some(label) = line.strip_suffix("-----") else {
        return Err(if line.len() == rest.len() {
            cut_off()
        } else {
            bad("the BEGIN line of the key is damaged")
        });
    };
    let end = format!("-----END {label}-----");
    match rest.find(&end) {
        Some(at) if at + end.len() == rest.len() => Ok(label),
        Some(_) => Err(bad("there is other text after the key")),
        None if rest.contains("-----END ") && rest.ends_with("-----") => {
            Err(bad("the END line of the key does not fit its BEGIN line"))
        }
        None => Err(cut_off()),
    }
}

fn cut_off() -> Error {
    bad("the key is cut off: the end of its block is missing")
}

fn damaged(error: &DerError) -> Error {
    bad(match error.kind() {
        ErrorKind::Pem(PemError::HeaderDisallowed) => "there are header lines inside the key".to_owned(),
        ErrorKind::Pem(_) => {
            "the key is damaged: its block is not base64 in lines of 64 characters".to_owned()
        }
        _ => "the key is damaged: it has too few or too many bytes".to_owned(),
    })
}

fn public_from_der(der: &[u8]) -> Result<PublicKey> {
    let info = SubjectPublicKeyInfoRef::from_der(der)
        .map_err(|_| bad("the public key is damaged: no SubjectPublicKeyInfo in it"))?;
    foreign::expect_ed25519(&info.algorithm)?;
    let bytes = info.subject_public_key.as_bytes().and_then(|bytes| bytes.try_into().ok());
    PublicKey::from_bytes(bytes.ok_or_else(|| bad("the public key is damaged: it is not 32 bytes long"))?)
}
