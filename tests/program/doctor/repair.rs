//! `doctor --repair` writes the same signed bytes, or nothing.

use std::fs;

use airlatch_core::format;

use super::ward::Ward;
use crate::common::damage::ACCIDENTS;
use crate::common::licenses_room::{license, text};

#[test]
fn every_damage_in_transfer_is_repaired_to_the_original_file() {
    let ward = Ward::new("accidents");
    let clean = text(&license("sessions=10"));
    for (name, damage, words) in ACCIDENTS {
        fs::write(ward.folder.join("damaged"), damage(clean.as_bytes())).unwrap();
        let ran = ward.run(&["doctor", "damaged", "--repair", "mended", "--force", "--json"]);
        assert_eq!(ran.exit, 0, "{name}: {}", ran.err);
        assert_eq!(fs::read_to_string(ward.folder.join("mended")).unwrap(), clean, "{name}");
        assert!(words.is_empty() || words.iter().any(|word| ran.out.contains(word)), "{name}: {}", ran.out);
        let looked = ward.run(&["doctor", "damaged"]);
        assert_eq!(looked.exit, 0, "{name}: {}", looked.out);
    }
}

#[test]
fn a_changed_document_is_never_repaired_into_another() {
    let ward = Ward::new("changed");
    let clean = text(&license("sessions=10"));
    let body = clean.find("LICENSE-----").unwrap() + 13;
    for at in (body..clean.len()).step_by(7) {
        let mut changed = clean.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        fs::write(ward.folder.join("damaged"), &changed).unwrap();
        let ran = ward.run(&["doctor", "damaged", "--repair", "mended"]);
        match fs::read(ward.folder.join("mended")) {
            // A changed line end or dash loses nothing.
            Ok(mended) => {
                let bytes = |text: &[u8]| format::open_one(text).unwrap().0;
                assert_eq!(bytes(&mended), bytes(clean.as_bytes()), "{at}");
                fs::remove_file(ward.folder.join("mended")).unwrap();
            }
            Err(_) => assert_ne!(ran.exit, 0, "{at}: {}", ran.out),
        }
    }
}

#[test]
fn the_copy_replaces_no_file() {
    let ward = Ward::new("kept");
    let clean = text(&license("sessions=10"));
    fs::write(ward.folder.join("a"), clean.replace('\n', "\r\n")).unwrap();
    fs::write(ward.folder.join("b"), "another").unwrap();
    std::os::unix::fs::symlink("a", ward.folder.join("link")).unwrap();
    let before = ward.files();
    for line in [
        &["doctor", "a", "--repair", "a", "--force"][..],
        &["doctor", "a", "--repair", "link", "--force"],
        &["doctor", "a", "--repair", "b"],
        &["doctor", "a", "b", "--repair", "c"],
        &["doctor", "b", "--repair", "c"],
        &["doctor", "a", "--bundle", "a", "--force"],
        &["doctor", "a", "--bundle", "b"],
        &["doctor", "--repair", "c"],
        &["doctor", "a", "--repair", "no/such/folder"],
    ] {
        assert_eq!(ward.run(line).exit, 2, "{line:?}");
        assert!(before == ward.files(), "{line:?} changed something");
    }
}
