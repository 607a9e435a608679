//! The names that no file has on Windows, whatever its ending.

/// Whether Windows reserves the name for a device, or drops its last character.
pub(crate) fn no_windows_name(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_lowercase();
    let numbered = |word: &str| {
        stem.len() == 4 && stem.starts_with(word) && stem.ends_with(|c: char| c.is_ascii_digit())
    };
    let is_device = ["con", "prn", "aux", "nul"].contains(&stem.as_str());
    is_device || numbered("com") || numbered("lpt") || name.ends_with(['.', ' '])
}
