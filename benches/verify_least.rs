//! The smallest possible verify, the reference for `verify`: one key, one license, one strict signature check.
//!
//! `verify_least KEY LICENSE` reads the two files, extracts the key and the sealed bytes, and exits with 0 if the
//! signature is good. It finds the block by its dashes, repairs nothing, and reads no field.

#![allow(clippy::disallowed_methods, missing_docs)]

use std::path::PathBuf;
use std::process::ExitCode;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, VerifyingKey};

fn main() -> ExitCode {
    let mut words = std::env::args_os().skip(1).filter(|word| word != "--bench").map(PathBuf::from);
    let (Some(key), Some(license)) = (words.next(), words.next()) else { return ExitCode::SUCCESS };
    if verify(&key, &license).is_some() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn verify(key: &std::path::Path, license: &std::path::Path) -> Option<()> {
    let info = block(&std::fs::read(key).ok()?)?;
    let sealed = block(&std::fs::read(license).ok()?)?;
    let key = VerifyingKey::from_bytes(info.last_chunk()?).ok()?;
    let (signed, signature) = sealed.split_last_chunk::<64>()?;
    let (payload, _) = signed.split_last_chunk::<32>()?;
    let message = [b"airlatch license v1\n", payload].concat();
    key.verify_strict(&message, &Signature::from_bytes(signature)).ok()
}

/// The bytes between the dashes.
fn block(file: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(file).ok()?;
    let body = text.split("-----").nth(2)?;
    STANDARD.decode(body.bytes().filter(|byte| *byte != b'\n').collect::<Vec<_>>()).ok()
}
