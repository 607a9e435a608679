//! What the build script takes from `keys/trusted/`, and what stops the build.

use std::fs;
use std::path::PathBuf;

#[path = "../../build.rs"]
mod build;

const KEY: &str = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";

fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("trusted-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for (file, text) in files {
        fs::write(folder.join(file), text).unwrap();
    }
    folder
}

#[test]
fn public_keys_are_taken_in_the_order_of_their_names() {
    let files = [("c.pub", KEY), ("a.pub", KEY), ("e.pub", KEY), ("b.pub", KEY), ("d.pub", KEY)];
    let keys = build::trusted_keys(&folder("sorted", &files)).unwrap();
    assert_eq!(
        keys.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["a.pub", "b.pub", "c.pub", "d.pub", "e.pub"]
    );
}

#[test]
fn the_text_is_kept_whole() {
    let text = KEY.replace("AAAA", "A\"\\A");
    let keys = build::trusted_keys(&folder("text", &[("a.pub", &text), ("README.md", ""), (".gitkeep", "")]))
        .unwrap();
    let expected =
        format!("pub(crate) const BUILT_IN: &[(&str, &str)] = &[\n    (\"a.pub\", {text:?}),\n];\n");
    assert_eq!(build::render(&keys), expected);
}

#[test]
fn no_folder_or_an_empty_one_trusts_nothing() {
    assert_eq!(build::trusted_keys(&folder("empty", &[])).unwrap(), []);
    assert_eq!(build::trusted_keys(&folder("gone", &[]).join("nowhere")).unwrap(), []);
}

#[test]
fn what_is_no_public_key_stops_the_build() {
    let private = KEY.replace("PUBLIC", "PRIVATE");
    for (name, text, says) in [
        ("acme.pem", KEY, "only public keys"),
        ("acme.pub", private.as_str(), "private key"),
        ("acme.pub", "", "not one PEM"),
        ("acme.pub", &KEY.repeat(2), "not one PEM"),
    ] {
        let error = build::trusted_keys(&folder("bad", &[(name, text)])).unwrap_err();
        assert!(error.contains(says) && error.contains(name), "{error}");
    }
}
