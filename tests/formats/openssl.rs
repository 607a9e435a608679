//! Keys and signatures go both ways between airlatch and the openssl program.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use airlatch_core::crypto::{
    KeyFile, Passphrase, PrivateKey, PublicKey, Sealed, TrustedSet, check, read_key, seal,
};
use airlatch_core::model::{Kind, Reason};
use zeroize::Zeroizing;

const PASS: &str = "correct horse é";

/// A scratch folder of one test, or `None` when the test is to be skipped.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Option<Self> {
        let there =
            Command::new("openssl").arg("version").stdout(Stdio::null()).status().is_ok_and(|s| s.success());
        if !there {
            assert!(std::env::var_os("AIRLATCH_REQUIRE_TOOLS").is_none(), "openssl is not installed");
            println!("skipped: openssl is not installed");
            return None;
        }
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("openssl").join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Some(Self(folder))
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.0.join(name), bytes).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.0.join(name)).unwrap()
    }

    /// Runs openssl in the folder: whether it succeeded, and what it printed.
    fn run(&self, arguments: &str) -> (bool, Vec<u8>) {
        let arguments = arguments.split(' ').map(|word| word.replace("PASS", PASS));
        let output = Command::new("openssl").args(arguments).current_dir(&self.0).output().unwrap();
        (output.status.success(), output.stdout)
    }

    fn done(&self, arguments: &str) -> Vec<u8> {
        let (success, printed) = self.run(arguments);
        assert!(success, "openssl {arguments}");
        printed
    }
}

fn ours() -> PrivateKey {
    PrivateKey::from_seed(&Zeroizing::new([0x5a; 32])).unwrap()
}

fn private(bytes: &[u8]) -> PrivateKey {
    match read_key(bytes).unwrap() {
        KeyFile::Private(key) => key,
        other => panic!("{other:?}"),
    }
}

fn open(bytes: &[u8], passphrase: &str) -> Result<PrivateKey, Reason> {
    match read_key(bytes).map_err(|error| error.reason())? {
        KeyFile::Encrypted(key) => {
            key.open(&Passphrase::new(passphrase.to_owned()).unwrap()).map_err(|error| error.reason())
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn keys_made_by_openssl_are_read_here() {
    let Some(scratch) = Scratch::new("theirs") else { return };
    scratch.done("genpkey -algorithm ed25519 -out plain.key");
    let public = String::from_utf8(scratch.done("pkey -in plain.key -pubout")).unwrap();
    let key = private(&scratch.read("plain.key"));
    assert_eq!(key.public().to_pem(), public);
    assert_eq!(PublicKey::from_pem(&public).unwrap(), key.public());
    assert_eq!(key.to_pem().as_bytes(), scratch.read("plain.key"));
}

#[test]
fn keys_encrypted_by_openssl_open_here() {
    let Some(scratch) = Scratch::new("theirs-encrypted") else { return };
    scratch.done("genpkey -algorithm ed25519 -out plain.key");
    let key = private(&scratch.read("plain.key"));
    scratch.done("pkey -in plain.key -aes256 -passout pass:PASS -out pkey.key");
    let mut made = vec![scratch.read("pkey.key")];
    for options in [
        "-scrypt",
        "-scrypt -scrypt_N 8192 -scrypt_r 8 -scrypt_p 3",
        "-v2 aes-256-cbc -v2prf hmacWithSHA256 -iter 600000",
        "-v2 aes-128-cbc -v2prf hmacWithSHA384",
        "-v2 aes-192-cbc -v2prf hmacWithSHA512",
    ] {
        scratch.done(&format!("pkcs8 -topk8 -in plain.key -passout pass:PASS -out out.key {options}"));
        made.push(scratch.read("out.key"));
    }
    for file in made {
        assert_eq!(open(&file, PASS).unwrap().public(), key.public());
        assert_eq!(open(&file, "correct horse e").unwrap_err(), Reason::WrongPassphrase);
    }
}

#[test]
fn old_ways_of_encrypting_are_named_not_tried() {
    let Some(scratch) = Scratch::new("theirs-old") else { return };
    scratch.done("genpkey -algorithm ed25519 -out plain.key");
    for options in ["-v2 des3", "-v1 PBE-SHA1-3DES", "-v2 aes-256-cbc -v2prf hmacWithSHA1"] {
        scratch.done(&format!("pkcs8 -topk8 -in plain.key -passout pass:PASS -out out.key {options}"));
        let error = read_key(&scratch.read("out.key")).unwrap_err();
        assert_eq!(error.reason(), Reason::BadKey);
        assert!(error.message().contains("not supported"), "{error}");
    }
}

#[test]
fn our_keys_are_read_by_openssl() {
    let Some(scratch) = Scratch::new("ours") else { return };
    scratch.write("plain.key", &*ours().to_pem());
    let passphrase = Passphrase::new(PASS.to_owned()).unwrap();
    scratch.write("encrypted.key", &*ours().to_encrypted_pem(&passphrase, [7; 16], [8; 16]).unwrap());
    scratch.write("ours.pub", ours().public().to_pem());
    let public = ours().public().to_pem().into_bytes();
    assert_eq!(scratch.done("pkey -in plain.key -pubout"), public);
    assert_eq!(scratch.done("pkey -in encrypted.key -passin pass:PASS -pubout"), public);
    assert_eq!(scratch.done("pkey -pubin -in ours.pub"), public);
    assert!(!scratch.run("pkey -in encrypted.key -passin pass:other -pubout").0);
}

#[test]
fn openssl_verifies_our_licenses_and_signs_as_we_do() {
    let Some(scratch) = Scratch::new("license") else { return };
    let payload = b"product = \"call-services\"\n";
    let sealed = seal(Kind::License, payload, &ours());
    let (head, signature) = sealed.bytes().split_last_chunk::<64>().unwrap();
    let message = [b"airlatch license v1\n", payload.as_slice()].concat();
    scratch.write("ours.pub", ours().public().to_pem());
    scratch.write("plain.key", &*ours().to_pem());
    scratch.write("message", &message);
    scratch.write("signature", signature);
    let verify = "pkeyutl -verify -pubin -inkey ours.pub -rawin -in message -sigfile signature";
    scratch.done(verify);
    scratch.done("pkeyutl -sign -inkey plain.key -rawin -in message -out theirs");
    assert_eq!(scratch.read("theirs"), signature);

    let again = Sealed::from_parts(Kind::License, [head, &scratch.read("theirs")].concat()).unwrap();
    assert!(check(&again, Kind::License, &TrustedSet::new([ours().public()])).is_ok());
    scratch.write("message", [b"airlatch request v1\n", payload.as_slice()].concat());
    assert!(!scratch.run(verify).0);
}

#[test]
fn other_algorithms_are_named() {
    let Some(scratch) = Scratch::new("foreign") else { return };
    for (options, name) in [
        ("-algorithm rsa -pkeyopt rsa_keygen_bits:1024", "an RSA key"),
        ("-algorithm ec -pkeyopt ec_paramgen_curve:P-256", "an elliptic curve"),
        ("-algorithm x25519", "an X25519 key"),
        ("-algorithm ed448", "an Ed448 key"),
    ] {
        scratch.done(&format!("genpkey {options} -out foreign.key"));
        scratch.done("pkey -in foreign.key -pubout -out foreign.pub");
        for file in ["foreign.key", "foreign.pub"] {
            let error = read_key(&scratch.read(file)).unwrap_err();
            assert_eq!(error.reason(), Reason::ForeignKey, "{options} {file}: {error}");
            assert!(error.message().contains(name), "{error}");
        }
        scratch.done("pkcs8 -topk8 -in foreign.key -passout pass:PASS -out hidden.key");
        assert_eq!(open(&scratch.read("hidden.key"), PASS).unwrap_err(), Reason::ForeignKey);
    }
    scratch.done("genpkey -algorithm ed25519 -out plain.key");
    scratch.done("req -x509 -new -key plain.key -subj /CN=x -out own.crt");
    assert_eq!(read_key(&scratch.read("own.crt")).unwrap_err().reason(), Reason::ForeignKey);
}
