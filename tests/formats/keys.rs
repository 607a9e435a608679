//! Key files: one key or a clear word about what is wrong, whatever the file holds, and never at a great cost.

use airlatch_core::crypto::{
    KeyFile, MAX_KEY_FILE, PrivateKey, PublicKey, expect_private, expect_public, read_key,
};
use airlatch_core::model::{Error, Reason};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

const ED25519: &[u8] = &[0x06, 0x03, 0x2b, 0x65, 0x70];

fn key(seed: u8) -> PrivateKey {
    PrivateKey::from_seed(&Zeroizing::new([seed; 32])).unwrap()
}

fn reason(file: &str) -> Reason {
    error(file).reason()
}

fn error(file: &str) -> Error {
    read_key(file.as_bytes()).map(|key| panic!("{key:?} from {file}")).unwrap_err()
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<_> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// One DER element of up to 255 bytes content, or of more with a two-byte length.
fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let mut element = vec![tag];
    match content.len() {
        short @ 0..128 => element.push(short as u8),
        middle @ 128..256 => element.extend([0x81, middle as u8]),
        long => element.extend([0x82, (long >> 8) as u8, long as u8]),
    }
    element.extend(content);
    element
}

/// PKCS#8 with the seed's bytes, and the public key of another seed if one is given (version 2).
fn pkcs8(seed: &[u8], public: Option<u8>) -> Vec<u8> {
    let inner = der(0x04, &[seed]);
    let half = public.map(|other| der(0x81, &[&[0], key(other).public().as_bytes()])).unwrap_or_default();
    let version = [0x02, 0x01, u8::from(public.is_some())];
    der(0x30, &[&version, &der(0x30, &[ED25519]), &der(0x04, &[&inner]), &half])
}

#[test]
fn a_key_file_may_have_been_through_editors_and_mail() {
    let public = key(1).public();
    let text = public.to_pem();
    for file in [
        text.trim_end().to_owned(),
        format!("\u{feff}{text}"),
        text.replace('\n', "\r\n"),
        text.replace('\n', "\r"),
        format!("\n \t\r\n{text}\n\n  \n"),
    ] {
        assert_eq!(PublicKey::from_pem(&file).unwrap(), public, "{file:?}");
    }
}

#[test]
fn a_key_cut_off_anywhere_is_no_key() {
    for text in [key(1).public().to_pem(), key(1).to_pem().to_string()] {
        let text = text.trim_end();
        assert_eq!(reason(""), Reason::Empty);
        for length in 1..text.len() {
            let error = error(&text[..length]);
            assert_eq!(error.reason(), Reason::BadKey, "{length}");
            assert!(error.message().contains("cut off"), "{length}: {error}");
            assert_eq!(reason(&text[length..]), Reason::BadKey, "from {length}");
        }
    }
}

#[test]
fn der_cut_off_or_grown_anywhere_is_no_key() {
    let public = der(0x30, &[&der(0x30, &[ED25519]), &der(0x03, &[&[0], key(1).public().as_bytes()])]);
    for (label, whole) in [
        ("PUBLIC KEY", public),
        ("PRIVATE KEY", pkcs8(&[1; 32], None)),
        ("PRIVATE KEY", pkcs8(&[1; 32], Some(1))),
    ] {
        assert!(read_key(pem(label, &whole).as_bytes()).is_ok(), "{label}");
        for length in 0..whole.len() {
            assert_eq!(reason(&pem(label, &whole[..length])), Reason::BadKey, "{label} {length}");
        }
        for more in [&[0][..], &[5, 0], &whole] {
            assert_eq!(reason(&pem(label, &[&whole, more].concat())), Reason::BadKey, "{label}");
        }
    }
    for length in [0, 31, 33, 64] {
        assert_eq!(reason(&pem("PRIVATE KEY", &pkcs8(&vec![1; length], None))), Reason::BadKey, "{length}");
    }
}

#[test]
fn what_does_not_belong_is_named() {
    let (public, private) = (key(1).public().to_pem(), key(1).to_pem().to_string());
    let body = public.lines().nth(1).unwrap();
    for (file, word) in [
        (format!("{public}{private}"), "2 blocks"),
        (format!("{public}{public}{public}"), "3 blocks"),
        (format!("{public}# the key\n"), "after the key"),
        (format!("the key\n{public}"), "before the key"),
        (public.replace(body, &format!("Comment: mine\n\n{body}")), "header lines"),
        (public.replace(body, &format!("{}\n{}", &body[..30], &body[30..])), "64 characters"),
        (public.replace(body, &body.replace(['+', '/'], "-").replacen('M', "_", 1)), "64 characters"),
        (public.replace(body, &format!("\n{body}")), "64 characters"),
        (public.replace("PUBLIC KEY", "public key"), "is not a key"),
        (public.replace("PUBLIC KEY", "PRIVATE KEY"), "no PKCS#8"),
        (private.replace("PRIVATE", "PUBLIC"), "no SubjectPublicKeyInfo"),
        (public.replace("END PUBLIC", "END PRIVATE"), "END line"),
        (public.replace("PUBLIC KEY-----\nM", "PUBLIC KEY----\nM"), "BEGIN line"),
        ("hello".into(), "no key"),
    ] {
        let error = error(&file);
        assert_eq!(error.reason(), Reason::BadKey, "{file}");
        assert!(error.message().contains(word), "{error}\n{file}");
    }
}

#[test]
fn no_message_shows_what_was_in_a_private_key() {
    let private = key(0x41).to_pem().to_string();
    let secret = private.lines().nth(1).unwrap();
    for file in
        [secret.to_owned(), private.replace('M', "*"), private.replace("BEGIN", secret), private.repeat(2)]
    {
        let shown = format!("{:?}", error(&file));
        assert!(secret.as_bytes().windows(8).all(|part| !shown.contains(std::str::from_utf8(part).unwrap())));
    }
}

#[test]
fn other_files_and_large_ones_have_their_own_errors() {
    let public = key(1).public().to_pem();
    let utf16: Vec<u8> = public.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let of = |bytes: &[u8]| read_key(bytes).map_err(|error| error.reason()).unwrap_err();
    assert_eq!(of(&[&[0xff, 0xfe], &utf16[..]].concat()), Reason::NotText);
    assert_eq!(of(&pkcs8(&[1; 32], None)), Reason::NotText);
    assert_eq!(of(b"\x89PNG\r\n\x1a\n"), Reason::NotText);
    assert_eq!(of(&[0; 99]), Reason::Empty);
    assert_eq!(of("\u{feff} \r\n".as_bytes()), Reason::Empty);
    assert_eq!(of(&[b' '; MAX_KEY_FILE + 1]), Reason::TooLarge);
    let filled = format!("{public}{}", " ".repeat(MAX_KEY_FILE - public.len()));
    assert!(read_key(filled.as_bytes()).is_ok());
}

#[test]
fn keys_of_other_tools_are_named() {
    let block = |label: &str| format!("-----BEGIN {label}-----\nAAAA\n-----END {label}-----\n");
    for (file, name) in [
        (block("OPENSSH PRIVATE KEY"), "OpenSSH private"),
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA me@host\n".into(), "OpenSSH public"),
        ("restrict ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA\n".into(), "OpenSSH public"),
        ("ecdsa-sha2-nistp256 AAAA".into(), "OpenSSH public"),
        ("sk-ssh-ed25519@openssh.com AAAA".into(), "OpenSSH public"),
        ("---- BEGIN SSH2 PUBLIC KEY ----\n".into(), "SSH public"),
        (block("RSA PRIVATE KEY"), "RSA"),
        (block("RSA PUBLIC KEY"), "RSA"),
        (block("EC PRIVATE KEY"), "elliptic curve"),
        (block("EC PARAMETERS") + &block("EC PRIVATE KEY"), "elliptic curve"),
        (block("DSA PRIVATE KEY"), "DSA"),
        (block("CERTIFICATE"), "X.509"),
        (block("PGP PUBLIC KEY BLOCK"), "PGP"),
        (block("PGP PRIVATE KEY BLOCK"), "PGP"),
        ("untrusted comment: minisign public key 1\nRWQf6LRC\n".into(), "minisign"),
        ("RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3".into(), "minisign"),
        ("# created: today\n# public key: age1x\nAGE-SECRET-KEY-1X\n".into(), "age secret"),
        ("AGE-SECRET-KEY-1X".into(), "age secret"),
        ("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kudlp8".into(), "age public"),
        ("PuTTY-User-Key-File-3: ssh-ed25519\r\n".into(), "PuTTY"),
        ("\u{feff}{\"kty\":\"OKP\",\"crv\":\"Ed25519\"}".into(), "JWK"),
        ("k4.secret.AAAA".into(), "PASERK"),
        (block("AIRLATCH LICENSE"), "sealed document"),
        (
            pem("PUBLIC KEY", &der(0x30, &[&der(0x30, &[&[0x06, 0x03, 0x2b, 0x65, 0x6e]]), &[3, 2, 0, 1]])),
            "X25519",
        ),
        (
            pem("PUBLIC KEY", &der(0x30, &[&der(0x30, &[&[0x06, 0x03, 0x2a, 0x03, 0x04]]), &[3, 2, 0, 1]])),
            "1.2.3.4",
        ),
    ] {
        let error = error(&file);
        assert_eq!(error.reason(), Reason::ForeignKey, "{error}\n{file}");
        assert!(error.message().contains(name), "{error}\n{file}");
    }
}

#[test]
fn the_public_half_inside_must_belong_to_the_seed() {
    let KeyFile::Private(read) = read_key(pem("PRIVATE KEY", &pkcs8(&[1; 32], Some(1))).as_bytes()).unwrap()
    else {
        panic!("not private")
    };
    assert_eq!(read.public(), key(1).public());
    assert_eq!(reason(&pem("PRIVATE KEY", &pkcs8(&[1; 32], Some(2)))), Reason::KeyMismatch);
    assert_eq!(reason(&pem("PRIVATE KEY", &pkcs8(&[0; 32], None))), Reason::WeakKey);
}

#[test]
fn weak_public_keys_are_not_read() {
    for first in [0, 1] {
        let mut point = [0; 32];
        point[0] = first;
        let file = pem("PUBLIC KEY", &der(0x30, &[&der(0x30, &[ED25519]), &der(0x03, &[&[0], &point])]));
        assert_eq!(reason(&file), Reason::WeakKey);
    }
}

#[test]
fn the_wrong_half_is_named() {
    let (public, private) = (key(1).public(), key(1).to_pem());
    let read = |text: &str| read_key(text.as_bytes()).unwrap();
    let given = expect_public(read(&private)).unwrap_err();
    assert_eq!(given.reason(), Reason::PrivateKeyGiven);
    assert!(given.details()[0].contains("does not belong here"));
    let given = expect_private(read(&public.to_pem()), || panic!("asked for a passphrase")).unwrap_err();
    assert_eq!(given.reason(), Reason::PublicKeyGiven);
    assert!(given.message().starts_with(&format!("this is the public key {}", public.key_id())), "{given}");
    assert_eq!(expect_public(read(&public.to_pem())).unwrap(), public);
    assert_eq!(expect_private(read(&private), || panic!("asked")).unwrap().public(), public);
}

/// `EncryptedPrivateKeyInfo` with these key derivation parameters, AES-256-CBC and no sense inside.
fn encrypted(derivation: &[u8]) -> String {
    let oid = |bytes: &[u8]| der(0x06, &[bytes]);
    let aes = oid(&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a]);
    let cipher = der(0x30, &[&aes, &der(0x04, &[&[3; 16]])]);
    let pbes2 = oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d]);
    let scheme = der(0x30, &[&pbes2, &der(0x30, &[derivation, &cipher])]);
    pem("ENCRYPTED PRIVATE KEY", &der(0x30, &[&scheme, &der(0x04, &[&[9; 64]])]))
}

/// A DER `INTEGER` of this value.
fn integer(value: u128) -> Vec<u8> {
    let bytes = value.to_be_bytes();
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(15);
    let sign: &[u8] = if bytes[start] >= 0x80 { &[0] } else { &[] };
    der(0x02, &[sign, &bytes[start..]])
}

fn scrypt(numbers: [&[u8]; 3], length: &[u8]) -> String {
    let oid = der(0x06, &[&[0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x04, 0x0b]]);
    let parameters = der(0x30, &[&der(0x04, &[&[5; 8]]), &numbers.concat(), length]);
    encrypted(&der(0x30, &[&oid, &parameters]))
}

fn pbkdf2(salt: usize, rounds: &[u8], hash: u8) -> String {
    let oid = |last: &[u8]| der(0x06, &[&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d], last]);
    let hash = der(0x30, &[&oid(&[0x02, hash]), &[5, 0]]);
    let parameters = der(0x30, &[&der(0x04, &[&vec![5; salt]]), rounds, &hash]);
    encrypted(&der(0x30, &[&oid(&[0x01, 0x05, 0x0c]), &parameters]))
}

#[test]
#[allow(clippy::disallowed_methods, reason = "a test measures")]
fn costly_keys_are_refused_before_anything_is_spent() {
    let start = std::time::Instant::now();
    let huge = der(0x02, &[&[1; 40]]);
    for [n, r, p] in [
        [1 << 17, 8, 1],
        [1 << 20, 8, 1],
        [1 << 63, 8, 1],
        [1 << 14, 8, 17],
        [1 << 14, 64, 3],
        [2, 1 << 20, 1],
        [2, 1, 8193],
        [2, 1, 1 << 31],
        [u128::MAX, u128::MAX, u128::MAX],
    ] {
        let file = scrypt([&integer(n), &integer(r), &integer(p)], &[]);
        assert_eq!(reason(&file), Reason::CostlyKey, "{n} {r} {p}");
    }
    assert_eq!(reason(&scrypt([&huge, &integer(8), &integer(1)], &[])), Reason::CostlyKey);
    assert!(error(&scrypt([&huge, &integer(8), &integer(1)], &[])).message().contains("N = a huge number"));
    for rounds in [integer(2_000_001), integer(u32::MAX.into()), integer(u128::MAX), huge] {
        assert_eq!(reason(&pbkdf2(8, &rounds, 9)), Reason::CostlyKey);
    }
    assert!(start.elapsed().as_millis() < 1000, "{:?}", start.elapsed());
}

#[test]
fn senseless_parameters_are_refused() {
    let [one, eight, n] = [integer(1), integer(8), integer(1 << 14)];
    let minus = der(0x02, &[&[0xff]]);
    for numbers in [
        [&integer(0), &eight, &one],
        [&one, &eight, &one],
        [&integer(16383), &eight, &one],
        [&n, &integer(0), &one],
        [&n, &eight, &integer(0)],
        [&minus, &eight, &one],
        [&n, &minus, &one],
    ] {
        assert_eq!(reason(&scrypt(numbers.map(Vec::as_slice), &[])), Reason::BadKey, "{numbers:?}");
    }
    let usual = [n.as_slice(), &eight, &one];
    assert!(read_key(scrypt(usual, &[]).as_bytes()).is_ok());
    assert!(read_key(scrypt(usual, &integer(32)).as_bytes()).is_ok());
    for length in [0, 16, 33, u128::MAX] {
        assert_eq!(reason(&scrypt(usual, &integer(length))), Reason::BadKey);
    }
    assert_eq!(reason(&scrypt(usual, &[one.clone(), one.clone()].concat())), Reason::BadKey);
    assert!(read_key(pbkdf2(8, &integer(2_000_000), 9).as_bytes()).is_ok());
    for (salt, rounds, hash) in [(8, integer(0), 9), (8, minus, 9), (33, one.clone(), 9), (8, one, 7)] {
        assert_eq!(reason(&pbkdf2(salt, &rounds, hash)), Reason::BadKey);
    }
}

mod opened {
    use airlatch_core::crypto::Passphrase;

    use super::*;

    fn passphrase(text: &str) -> Passphrase {
        Passphrase::new(text.to_owned()).unwrap()
    }

    fn ours() -> String {
        key(1).to_encrypted_pem(&passphrase("right"), [7; 16], [8; 16]).unwrap().to_string()
    }

    #[test]
    fn only_the_passphrase_opens_a_key() {
        let file = ours();
        let open = |text: &str| expect_private(read_key(file.as_bytes()).unwrap(), || Ok(passphrase(text)));
        assert_eq!(open("right").unwrap().public(), key(1).public());
        for wrong in ["Right", "right ", "righ", "x"] {
            assert_eq!(open(wrong).unwrap_err().reason(), Reason::WrongPassphrase, "{wrong}");
        }
        let longest = passphrase(&"a".repeat(1024));
        assert!(key(1).to_encrypted_pem(&longest, [1; 16], [2; 16]).is_ok());
        let given = expect_public(read_key(file.as_bytes()).unwrap()).unwrap_err();
        assert_eq!(given.reason(), Reason::PrivateKeyGiven);
    }

    #[test]
    fn the_same_salt_gives_the_same_file_and_another_one_another() {
        let other = key(1).to_encrypted_pem(&passphrase("right"), [6; 16], [8; 16]).unwrap();
        assert_eq!(ours(), ours());
        assert_ne!(ours(), *other);
        assert!(!ours().contains(key(1).to_pem().lines().nth(1).unwrap()));
    }

    #[test]
    fn an_encrypted_key_cut_off_anywhere_is_no_key() {
        let file = ours();
        let text = file.trim_end();
        for length in 1..text.len() {
            assert_eq!(reason(&text[..length]), Reason::BadKey, "{length}");
        }
    }

    /// A cheap encryption, so each damaged copy can be tried; one with valid padding by chance must not pass.
    #[test]
    fn wrong_passphrases_never_open_by_chance() {
        let file = pbkdf2(8, &integer(1), 9);
        let KeyFile::Encrypted(key) = read_key(file.as_bytes()).unwrap() else { panic!("not encrypted") };
        for number in 0..3000 {
            let error = key.open(&passphrase(&number.to_string())).unwrap_err();
            assert_eq!(error.reason(), Reason::WrongPassphrase);
        }
    }

    /// The dearest parameters that are granted: slow, but bounded.
    #[test]
    #[allow(clippy::disallowed_methods, reason = "a test measures")]
    fn what_is_granted_takes_seconds_at_most() {
        for file in [
            scrypt([&integer(1 << 16), &integer(8), &integer(4)], &[]),
            scrypt([&integer(1 << 8), &integer(1), &integer(8192)], &[]),
            pbkdf2(8, &integer(2_000_000), 11),
        ] {
            let start = std::time::Instant::now();
            let KeyFile::Encrypted(key) = read_key(file.as_bytes()).unwrap() else { panic!("not encrypted") };
            assert_eq!(key.open(&passphrase("x")).unwrap_err().reason(), Reason::WrongPassphrase);
            println!("{:?}", start.elapsed());
            assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
        }
    }
}
