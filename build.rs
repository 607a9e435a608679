//! Turns the public keys in `keys/trusted/` into the set a binary built with them trusts.
//!
//! Whatever lies there and can't be used stops the build: a key left out by mistake would give a binary that trusts a
//! folder the licensee can write to.
#![allow(clippy::disallowed_methods, reason = "a build script reads the folder it is there for")]

use std::path::Path;
use std::{env, fs};

const TRUSTED: &str = "keys/trusted";

fn main() -> Result<(), String> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={TRUSTED}");
    let out = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    let keys = trusted_keys(Path::new(TRUSTED))?;
    fs::write(Path::new(&out).join("trusted.rs"), render(&keys)).map_err(|e| format!("trusted.rs: {e}"))
}

/// The `.pub` files of a folder as (file name, PEM text), sorted; none when there is no folder.
pub(crate) fn trusted_keys(folder: &Path) -> Result<Vec<(String, String)>, String> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut keys = Vec::new();
    for entry in fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))? {
        let path = entry.map_err(|e| format!("{}: {e}", folder.display()))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name == "README.md" || name.starts_with('.') {
            continue;
        }
        let place = path.display();
        if !name.ends_with(".pub") {
            return Err(format!("{place}: only public keys named *.pub belong here"));
        }
        let text = fs::read_to_string(&path).map_err(|e| format!("{place}: {e}"))?;
        if text.contains("PRIVATE KEY") {
            return Err(format!("{place}: a private key must never be built into a program"));
        }
        if text.matches("-----BEGIN PUBLIC KEY-----").count() != 1 {
            return Err(format!("{place}: not one PEM block PUBLIC KEY"));
        }
        keys.push((name.to_owned(), text));
    }
    keys.sort();
    Ok(keys)
}

pub(crate) fn render(keys: &[(String, String)]) -> String {
    let rows: String = keys.iter().map(|(name, text)| format!("    ({name:?}, {text:?}),\n")).collect();
    format!("pub(crate) const BUILT_IN: &[(&str, &str)] = &[\n{rows}];\n")
}
