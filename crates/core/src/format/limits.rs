//! The size limits of all input, each with a name; they are checked before anything is decoded.

/// A file with an armored document, text around it included, in bytes.
pub const DOCUMENT_FILE: u64 = 1024 * 1024;
/// The sealed bytes in one block: payload, signer and signature.
pub const SEALED: u64 = crate::crypto::MAX_PAYLOAD as u64 + 96;
/// The readable lines written above a block; more are left out.
pub const SUMMARY_LINES: u64 = 200;
/// One readable line above a block, in characters; longer ones are cut.
pub const SUMMARY_LINE: u64 = 400;

/// A text field of a payload, in bytes.
pub const TEXT_FIELD: u64 = 1024;
/// The note of a request, in bytes.
pub const NOTE_FIELD: u64 = 4096;
/// Entries of an array in a payload.
pub const LIST_FIELD: u64 = 1024;
/// Tables and arrays inside one another in a payload.
pub const PAYLOAD_DEPTH: u64 = 8;
/// Periods of a license after its first.
pub const PERIODS: u64 = crate::model::Period::MAX as u64;
/// Days of grace after the end of a license.
pub const GRACE_DAYS: u64 = crate::model::MAX_GRACE_DAYS as u64;
/// A key file, in bytes.
pub const KEY_FILE: u64 = crate::crypto::MAX_KEY_FILE as u64;
/// A file with a passphrase, in bytes.
pub const PASSPHRASE_FILE: u64 = 4096;
/// A grant, or a host's settings, in bytes.
pub const GRANT_FILE: u64 = 256 * 1024;
/// A catalog, in bytes.
pub const CATALOG_FILE: u64 = 1024 * 1024;
/// Products of a catalog.
pub const CATALOG_PRODUCTS: u64 = 256;
/// Models of a product.
pub const CATALOG_MODELS: u64 = 1024;
/// Errors in a catalog that are reported one by one; beyond that, only their number is reported.
pub const CATALOG_FAULTS: u64 = 1000;
/// A list of devices, in bytes.
pub const LIST_FILE: u64 = 128 * 1024 * 1024;
/// Lines of a list of devices.
pub const LIST_LINES: u64 = 1_000_000;
/// Bad lines of a list that are reported one by one; beyond that, only their number is reported.
pub const LIST_TROUBLES: u64 = 10_000;
/// A line of a list of devices, in bytes.
pub const LIST_LINE: u64 = 1024;
/// A line of a fleet file, in bytes: the largest license in base64, its address, a TAB, a CR.
pub const FLEET_LINE: u64 = SEALED.div_ceil(3) * 4 + 14;
/// Lines of a fleet file for one device.
pub const FLEET_LICENSES: u64 = 256;

/// Every limit with its name, its value and its meaning, as the manual lists them.
pub const ALL: &[(&str, u64, &str)] = &[
    ("document-file", DOCUMENT_FILE, "bytes in a file that holds a document"),
    ("sealed", SEALED, "bytes sealed in one block"),
    ("summary-lines", SUMMARY_LINES, "readable lines written above a block"),
    ("summary-line", SUMMARY_LINE, "characters in a readable line above a block"),
    ("text-field", TEXT_FIELD, "bytes in a text of a payload"),
    ("note-field", NOTE_FIELD, "bytes in the note of a request"),
    ("list-field", LIST_FIELD, "entries in an array of a payload"),
    ("payload-depth", PAYLOAD_DEPTH, "tables and arrays inside one another in a payload"),
    ("periods", PERIODS, "periods of a license after its first"),
    ("grace-days", GRACE_DAYS, "days of grace after the end of a license"),
    ("key-file", KEY_FILE, "bytes in a key file"),
    ("passphrase-file", PASSPHRASE_FILE, "bytes in a file that holds a passphrase"),
    ("grant-file", GRANT_FILE, "bytes in a grant or in a host's settings"),
    ("catalog-file", CATALOG_FILE, "bytes in a catalog"),
    ("catalog-products", CATALOG_PRODUCTS, "products in a catalog"),
    ("catalog-models", CATALOG_MODELS, "models of a product"),
    ("catalog-faults", CATALOG_FAULTS, "errors in a catalog reported one by one"),
    ("list-file", LIST_FILE, "bytes in a list of devices"),
    ("list-lines", LIST_LINES, "lines in a list of devices"),
    ("list-troubles", LIST_TROUBLES, "bad lines of a list reported one by one"),
    ("list-line", LIST_LINE, "bytes in a line of a list of devices"),
    ("fleet-line", FLEET_LINE, "bytes in a line of a fleet file"),
    ("fleet-licenses", FLEET_LICENSES, "licenses for one device in a fleet file"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_armor_fits_into_its_file() {
        let base64 = SEALED.div_ceil(3) * 4;
        let lines = base64 + base64.div_ceil(64);
        // A line is cut after escaping, so a character has 4 bytes at most.
        let summary = SUMMARY_LINES * (SUMMARY_LINE * 4 + 8);
        assert!(lines + summary + 200 < DOCUMENT_FILE);
    }

    #[test]
    fn names_are_distinct() {
        let mut names: Vec<_> = ALL.iter().map(|limit| limit.0).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
    }
}
