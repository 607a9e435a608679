//! Plants secrets in every source of a bundle, and searches the bundle for each in several encodings.

use std::fs;
use std::path::Path;

use airlatch_core::crypto::{self, read_key};
use airlatch_core::format;
use airlatch_core::model::{Code, CodeKind, Kind, License, Lock};

use super::ward::Ward;
use crate::common::licenses_room::{license, text};
use crate::common::rules_room::{key, mac};

/// The component values of the host of this test.
const MACHINE_ID: &str = "5ec4e7beefcafe0123456789abcdef42";
const UUID: &str = "1f2e3d4c-5b6a-4978-8695-a4b3c2d1e0f9";
const BOARD: &str = "CN0PLANTED77";
const FILLER: &str = "PLANTEDSERIALWITHOUTDIGITS";
const DISK: &str = "naa.5000c500planted1";
const CARD: &str = "3c:2c:30:77:88:99";
const HOST: &str = "zaphod-pbx7";
const DOMAIN: &str = "clinic.example";
const USER: &str = "trillian";

fn encoded(bytes: &[u8]) -> Vec<String> {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    vec![hex.clone(), hex.to_uppercase(), STANDARD_NO_PAD.encode(bytes), URL_SAFE_NO_PAD.encode(bytes)]
}

/// A text as it is, in other case, without separators, with others, and encoded.
fn spelt(text: &str) -> Vec<String> {
    let bare: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    let pairs = |mark: &str| {
        let pairs: Vec<&str> = (0..bare.len() / 2).map(|i| &bare[2 * i..2 * i + 2]).collect();
        pairs.join(mark)
    };
    let mut all =
        vec![text.to_owned(), text.to_lowercase(), text.to_uppercase(), bare.clone(), pairs(":"), pairs("-")];
    all.extend(encoded(text.as_bytes()));
    all.extend(encoded(bare.as_bytes()));
    all
}

/// Every encoding of every secret found in the text.
fn leaks(text: &str, secrets: &[(&str, Vec<String>)]) -> Vec<String> {
    let text = text.to_lowercase();
    let squeezed: String = text.split_whitespace().collect();
    let found = |(name, spellings): &(&str, Vec<String>)| {
        let is_in = |it: &&String| text.contains(&it.to_lowercase()) || squeezed.contains(&it.to_lowercase());
        spellings.iter().filter(is_in).map(|it| format!("{name}: {it}")).collect::<Vec<_>>()
    };
    secrets.iter().flat_map(found).collect()
}

fn put(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A captured host with the values above.
fn plant_root(root: &Path) {
    put(&root.join("etc/machine-id"), MACHINE_ID);
    put(&root.join("etc/hostname"), &format!("{HOST}.{DOMAIN}\n"));
    put(&root.join("proc/sys/kernel/hostname"), &format!("{HOST}\n"));
    put(
        &root.join("etc/passwd"),
        &format!("root:x:0:0::/root:/bin/sh\n{USER}:x:4242:4242::/home/{USER}:/bin/sh\n"),
    );
    put(&root.join("sys/class/dmi/id/product_uuid"), UUID);
    put(&root.join("sys/class/dmi/id/board_serial"), BOARD);
    put(&root.join("sys/class/net/eth0/address"), CARD);
    put(&root.join("sys/class/net/eth0/addr_assign_type"), "0");
    put(&root.join("sys/class/net/eth0/type"), "1");
    fs::create_dir_all(root.join("sys/class/net/eth0/device")).unwrap();
    put(&root.join("proc/self/mountinfo"), "21 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n");
    put(&root.join("sys/block/sda/dev"), "8:0");
    put(&root.join("sys/block/sda/sda1/dev"), "8:1");
    put(&root.join("sys/block/sda/sda1/partition"), "1");
    put(&root.join("sys/block/sda/device/wwid"), DISK);
}

/// A host with a secret in every source.
fn planted(name: &str) -> (Ward, Vec<(&'static str, Vec<String>)>) {
    let mut ward = Ward::new(name);
    ward.root = ward.folder.join("root");
    plant_root(&ward.root);
    ward.machine.user = Some(4242);
    ward.machine.program = Some(format!("/home/{USER}/bin/airlatch").into());
    // The path of the home contains both names.
    let home = ward.folder.join(format!("home/{USER}/on {HOST}"));
    let moved = ward.folder.join("moved");
    fs::rename(ward.home(), &moved).unwrap();
    fs::create_dir_all(home.parent().unwrap()).unwrap();
    fs::rename(&moved, &home).unwrap();
    ward.env.home = Some(home.clone());

    let pem = fs::read_to_string(home.join("host.key")).unwrap();
    assert!(read_key(pem.as_bytes()).is_ok());
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let code = Code::from_digest(CodeKind::Order, &[5; 32]).to_string();
    let foreign = key(9).to_pem();
    let foreign_body: String = foreign.lines().filter(|line| !line.starts_with('-')).collect();
    let everything = format!(
        "{body} {MACHINE_ID} {UUID} {} {BOARD} {DISK} {CARD} 3c2c.3077.8899 3c2c30778899 {HOST}.{DOMAIN} {USER} {code}",
        UUID.replace('-', "")
    );
    put(&home.join("host.toml"), &format!("codes = [\"{code}\"]\n"));
    put(&home.join("airlatch.log"), &format!("2026-11-21T00:00:00Z lost {everything}\n{everything}\n"));
    put(&home.join("trust/private.pub"), &foreign);
    put(&home.join("licenses/key.license"), &pem);
    put(&home.join("licenses/garbage.license"), &format!("{everything}\n"));
    put(&home.join(format!("licenses/{}.license", CARD.replace(':', ""))), "x");
    put(&home.join(format!("{MACHINE_ID} of {HOST}.txt")), &everything);
    put(&home.join("licenses").join(format!("{UUID}.lic")), &everything);
    let bound = License {
        lock: Lock::Mac(mac(CARD)),
        customer: Some(format!("Example \u{1b}[31mHospital\u{202e} {USER} {code}")),
        order: Some(format!("PO {MACHINE_ID}")),
        // Ignored by a license without drift days and without an end.
        drift_days: 14,
        grace_days: 14,
        ..license("sessions=10")
    };
    put(&home.join("licenses/a.license"), &text(&bound));
    // An unverified document: even its product id must not be shown.
    let foreign = License { product: MACHINE_ID.into(), ..license("sessions=10") };
    let foreign = crypto::seal(Kind::License, &format::write_license(&foreign).unwrap(), &key(9));
    put(&home.join("licenses/b.license"), &format::armor(Kind::License, foreign.bytes(), &[]));
    put(&ward.folder.join("given.txt"), &format!("> {}", text(&bound).replace('\n', "\n> ")));
    put(&ward.folder.join(format!("{USER}.key")), &pem);
    let secrets = vec![
        ("key", [vec![body.clone(), body[..40].to_owned(), body[22..].to_owned()], seed(&body)].concat()),
        ("foreign key", [vec![foreign_body.clone()], seed(&foreign_body)].concat()),
        ("machine id", spelt(MACHINE_ID)),
        ("uuid", spelt(UUID)),
        ("board", spelt(BOARD)),
        ("card", [spelt(CARD), vec!["3c2c.3077.8899".into()]].concat()),
        ("disk", [DISK.to_owned(), DISK.to_uppercase(), DISK[4..].to_owned()].into()),
        ("host", spelt(HOST)),
        ("user", spelt(USER)),
        ("code", spelt(&code)),
    ];
    (ward, secrets)
}

/// The 32 bytes at the end of a private key, as text.
fn seed(body: &str) -> Vec<String> {
    use base64::Engine as _;
    let der = base64::engine::general_purpose::STANDARD.decode(body).unwrap();
    encoded(&der[der.len() - 32..])
}

#[test]
fn no_secret_gets_into_a_bundle() {
    let (ward, secrets) = planted("secrets");
    let named = format!("{USER}.key");
    let ran = ward.run(&["doctor", "given.txt", &named, "--bundle", "support.txt"]);
    assert_eq!(ran.exit, 0, "{}", ran.err);
    let bundle = fs::read_to_string(ward.folder.join("support.txt")).unwrap();
    assert_eq!(leaks(&bundle, &secrets), [""; 0], "{bundle}");
    assert!(bundle.chars().all(|c| c == '\n' || !c.is_control()) && !bundle.contains('\u{202e}'), "{bundle}");
    for kind in ["os", "system", "board", "nic", "disk"] {
        assert!(bundle.contains(&format!("\n{kind:<10} present\n")), "`{kind}` is not in\n{bundle}");
    }
    // Ids and the content of verified licenses must be in it.
    let bound = fs::read(ward.env.home.clone().unwrap().join("licenses/a.license")).unwrap();
    let id = format::open_one(&bound).unwrap().0.document_id().to_string();
    let key = key(1).public().key_id().to_string();
    for there in [&id, &key, "sessions 10", "[private-key-given]", "Z lost", "file 1: license"] {
        assert!(bundle.contains(there), "`{there}` is not in\n{bundle}");
    }
    for text in ["Example", "Hospital", "PO ", "given.txt", "garbage", ".license", "14 days"] {
        assert!(!bundle.contains(text), "`{text}` is in\n{bundle}");
    }
    let json = ward.run(&["doctor", "given.txt", &named, "--bundle", "-", "--json"]).out;
    assert_eq!(leaks(&json, &secrets), [""; 0], "{json}");
    assert!(json.contains("\"verdict\": \"not verified\"") && json.contains("\"licenses\""), "{json}");
    // Checks the search itself: it finds each secret in a text that contains it.
    for (name, spellings) in &secrets {
        for spelling in spellings {
            let leaking = bundle.replacen("== log ==\n", &format!("== log ==\n{spelling}\n"), 1);
            assert!(
                leaks(&leaking, &secrets).iter().any(|found| found.starts_with(name)),
                "{name}: {spelling}"
            );
        }
    }
}

#[test]
fn names_are_included_only_with_with_names() {
    let (ward, secrets) = planted("names");
    let ran = ward.run(&["doctor", "--bundle", "-", "--with-names"]);
    let found = leaks(&ran.out, &secrets);
    assert!(found.iter().any(|it| it == &format!("host: {HOST}")), "{}", ran.out);
    assert!(found.iter().any(|it| it == &format!("user: {USER}")), "{}", ran.out);
    assert!(found.iter().all(|it| it.starts_with("host: ") || it.starts_with("user: ")), "{found:?}");
}

/// `id` shows a serial number without digits as a placeholder; a bundle does not show it.
#[test]
fn a_placeholder_value_is_not_shown_either() {
    let (ward, _) = planted("filler");
    put(&ward.root.join("sys/class/dmi/id/board_serial"), FILLER);
    let ran = ward.run(&["doctor", "--bundle", "-"]);
    assert!(ran.out.contains("filler text") && !ran.out.contains(FILLER), "{}", ran.out);
}
