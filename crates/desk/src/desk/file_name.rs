//! File names from a template, valid on every file system including FAT.

use crate::catalog::no_windows_name;
use airlatch_core::model::{Error, Mac, Reason, Result};

/// A template such as `{mac}-license.cfg` with the placeholders `{mac}`, `{MAC}` and `{number}`.
#[derive(Debug, Clone)]
pub struct NameTemplate(String);

const MAX_CHARACTERS: usize = 100;

impl NameTemplate {
    /// Reads a template; it has to contain the MAC, so that names are unique.
    ///
    /// # Errors
    /// `bad-name` if it lacks the MAC, or has an unknown placeholder or a character that is not allowed on every file system.
    pub fn new(text: &str) -> Result<Self> {
        let bad =
            |message: String| Error::new(Reason::BadName, message).at(format!("name template `{text}`"));
        let bare = text.replace("{mac}", "").replace("{MAC}", "").replace("{number}", "");
        if bare.contains(['{', '}']) {
            return Err(bad("the placeholders are `{mac}`, `{MAC}` and `{number}`".into()));
        }
        if !text.contains("{mac}") && !text.contains("{MAC}") {
            return Err(bad("`{mac}` is missing: several devices may have the same license number".into()));
        }
        check(&text.replace(['{', '}'], "")).map_err(bad)?;
        Ok(Self(text.into()))
    }

    /// The name for one device.
    ///
    /// # Errors
    /// `bad-name` if the name is not allowed on every file system.
    pub fn fill(&self, mac: Mac, number: &str) -> Result<String> {
        let bare = mac.bare();
        let name =
            self.0.replace("{mac}", &bare).replace("{MAC}", &bare.to_uppercase()).replace("{number}", number);
        check(&name)
            .map_err(|message| Error::new(Reason::BadName, message).at(format!("file name `{name}`")))?;
        Ok(name)
    }
}

fn check(name: &str) -> Result<(), String> {
    if let Some(c) = name.chars().find(|c| !c.is_ascii_alphanumeric() && !"._-+@()[] ".contains(*c)) {
        return Err(format!("`{c}` is not allowed in file names on every file system"));
    }
    if name.len() > MAX_CHARACTERS {
        return Err(format!("the name has {} characters, more than {MAX_CHARACTERS}", name.len()));
    }
    if name.starts_with(['.', ' ']) || name.ends_with(['.', ' ']) {
        return Err("the name begins or ends with a dot or blank".into());
    }
    if name.starts_with('-') {
        return Err("the name begins with a hyphen, so every command would take it for an option".into());
    }
    if no_windows_name(name) {
        return Err("the name is reserved on Windows".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_filled_in() {
        let mac: Mac = "0004f1144bd4".parse().unwrap();
        let name = |template: &str| NameTemplate::new(template).unwrap().fill(mac, "22222222AB22C2").unwrap();
        assert_eq!(name("{mac}-license.cfg"), "0004f1144bd4-license.cfg");
        assert_eq!(name("{number}_{MAC}.lic"), "22222222AB22C2_0004F1144BD4.lic");
    }

    #[test]
    fn names_that_would_be_lost_on_a_stick_are_refused() {
        for template in [
            "license.cfg",
            "{mac}:x",
            "../{mac}",
            "{mac}/x",
            "{mac}.",
            ".{mac}",
            "{serial}{mac}",
            "{mac}\n",
            "-{mac}",
            "",
        ] {
            assert_eq!(NameTemplate::new(template).unwrap_err().reason(), Reason::BadName, "{template}");
        }
        let mac = Mac([0, 4, 0, 0, 0, 1]);
        assert!(NameTemplate::new("{number}.{mac}").unwrap().fill(mac, "CON").is_err());
        assert!(NameTemplate::new("{number}{mac}").unwrap().fill(mac, "-rf").is_err());
        assert!(NameTemplate::new("{number}{mac}").unwrap().fill(mac, &"x".repeat(99)).is_err());
    }
}
