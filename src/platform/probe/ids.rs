//! The ids a host was given: by its installation, its firmware and the maker of its main board.

use super::placeholder::is_placeholder;
use super::tree::Tree;
use super::{Finding, telling};
use crate::model::Absence;

/// The machine id of the operating system (machine-id(5)): 32 hexadecimal digits.
pub(super) fn os(tree: &Tree) -> Finding {
    first(["etc/machine-id", "var/lib/dbus/machine-id"].map(|path| {
        let value = tree.value(path)?.to_lowercase();
        if is_placeholder(&value) {
            return Err(Absence::Placeholder(value));
        }
        if value.len() != 32 || !value.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Absence::Unreadable("it is not 32 hexadecimal digits".into()));
        }
        Ok(value)
    }))
}

/// The UUID of the machine in its firmware (SMBIOS type 1), in the byte order the kernel shows.
pub(super) fn system(tree: &Tree) -> Finding {
    let value = tree.value("sys/class/dmi/id/product_uuid")?.to_lowercase();
    if is_placeholder(&value) {
        return Err(Absence::Placeholder(value));
    }
    let groups: Vec<usize> = value.split('-').map(str::len).collect();
    if groups != [8, 4, 4, 4, 12] || !value.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit()) {
        return Err(Absence::Unreadable("it is not a UUID".into()));
    }
    Ok(vec![value])
}

/// The serial number of the main board (SMBIOS type 2), or that of the device tree where there is no such firmware.
pub(super) fn board(tree: &Tree) -> Finding {
    let paths = [
        "sys/class/dmi/id/board_serial",
        "proc/device-tree/serial-number",
        "sys/firmware/devicetree/base/serial-number",
    ];
    first(paths.map(|path| usable(tree.value(path)?)))
}

/// A serial number with single blanks, unless it is a placeholder; one without any digit is a name that many share.
pub(super) fn usable(value: String) -> Result<String, Absence> {
    if is_placeholder(&value) || !value.bytes().any(|b| b.is_ascii_digit()) {
        return Err(Absence::Placeholder(value));
    }
    Ok(value.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The first usable value, else the reason that says most.
pub(super) fn first<const N: usize>(found: [Result<String, Absence>; N]) -> Finding {
    let mut reason = Absence::Missing;
    for value in found {
        match value {
            Ok(value) => return Ok(vec![value]),
            Err(absence) => reason = telling(reason, absence),
        }
    }
    Err(reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_without_a_digit_is_a_name() {
        assert_eq!(usable("overlayblk".into()), Err(Absence::Placeholder("overlayblk".into())));
        assert_eq!(usable("WD-WCC4E  01".into()), Ok("WD-WCC4E 01".into()));
    }
}
