//! Armored files to damage: every kind, every length of padding, with and without a summary, and a chain.

use airlatch_core::format::{Block, armor};
use airlatch_core::model::Kind;

use super::chance::Chance;

/// Bytes that look like a sealed document; the same for the same number. Of these no two accidents meet what can't be undone,
/// a line broken anew inside an escape of quoted-printable; of others they may, and the text is refused.
pub fn sealed(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    Chance::new(length as u64 + 1000).fill(&mut bytes);
    bytes
}

pub fn summary() -> Vec<String> {
    [
        "License for call-services",
        "Customer   Müller & Söhne <a@b.example>",
        "Features   sessions=100, end 2027-12-31",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// A file of each kind, of each length of base64 padding, with and without a summary; a license with its chain.
pub fn files() -> Vec<(String, Vec<Block>, Vec<u8>)> {
    let mut files = Vec::new();
    for (i, kind) in Kind::ALL.into_iter().enumerate() {
        let sealed = sealed(231 + i);
        let lines = if i < 3 { summary() } else { Vec::new() };
        let text = armor(kind, &sealed, &lines);
        files.push((kind.word().to_owned(), vec![Block { kind, sealed }], text.into_bytes()));
    }
    let (license, key) = (sealed(300), sealed(190));
    let text = armor(Kind::License, &license, &summary()) + &armor(Kind::KeyCertificate, &key, &[]);
    let chain = vec![
        Block { kind: Kind::License, sealed: license },
        Block { kind: Kind::KeyCertificate, sealed: key },
    ];
    files.push(("license and key certificate".to_owned(), chain, text.into_bytes()));
    files
}

/// A sealed document of one line more than three in base64, for tests that change every character.
pub fn short() -> (Vec<u8>, String) {
    let bytes = sealed(157);
    let text = armor(Kind::License, &bytes, &["License for Müller".to_owned()]);
    (bytes, text)
}
