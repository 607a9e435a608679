//! Placeholders: values that many machines share, such as a manufacturer's filler text or a constant of an emulator.

/// Filler texts seen in firmware and on disks, in lower case.
const FILLERS: [&str; 35] = [
    "none",
    "not specified",
    "not applicable",
    "not available",
    "not provided",
    "not settable",
    "n/a",
    "na",
    "null",
    "unknown",
    "default",
    "default string",
    "to be filled by o.e.m.",
    "to be filled by o.e.m",
    "filled by o.e.m.",
    "o.e.m.",
    "oem",
    "oem string",
    "system serial number",
    "system product name",
    "chassis serial number",
    "base board serial number",
    "board serial number",
    "serial number",
    "serial",
    "type2 - board serial number",
    "0123456789",
    "1234567890",
    "123456789",
    "12345678",
    "invalid",
    "empty",
    "no asset information",
    "123456789012",
    "uninitialized",
];

/// UUIDs shared by whole series of boards, in both byte orders.
const UUIDS: [&str; 4] = [
    "03000200-0400-0500-0006-000700080009",
    "00020003-0004-0005-0006-000700080009",
    "12345678-1234-5678-90ab-cddeefaabbcc",
    "78563412-3412-7856-90ab-cddeefaabbcc",
];

/// Disk names that are the same in every machine of an emulator.
const EMULATED: [&str; 3] = ["qemu harddisk", "qemu dvd", "drive-scsi"];

/// Whether a value does not identify the machine.
pub(super) fn is_placeholder(value: &str) -> bool {
    let lower = value.trim().to_lowercase();
    let mut chars = lower.chars().filter(|c| !matches!(c, '-' | ':' | ' '));
    let all_equal = match chars.next() {
        Some(first) => chars.all(|c| c == first),
        None => true,
    };
    all_equal
        || FILLERS.contains(&lower.as_str())
        || UUIDS.contains(&lower.as_str())
        || EMULATED.iter().any(|name| lower.contains(name))
        || lower.strip_prefix("qm").is_some_and(|digits| digits.len() == 5 && digits.starts_with("000"))
}

/// Host names that many hosts share, such as the defaults of installers.
const NAMES: [&str; 12] = [
    "localhost",
    "localhost4",
    "localhost6",
    "(none)",
    "linux",
    "debian",
    "ubuntu",
    "fedora",
    "alpine",
    "raspberrypi",
    "buildkitsandbox",
    "unassigned-hostname",
];
/// The length of a container's default host name: the first hexadecimal digits of its id.
const CONTAINER_ID_LENGTH: usize = 12;

/// Whether a host name does not identify the host.
pub(super) fn is_host_placeholder(name: &str) -> bool {
    let is_container_id =
        name.len() == CONTAINER_ID_LENGTH && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_placeholder(name) || NAMES.contains(&name) || is_container_id
}

/// Whether a value is a filler text.
pub(super) fn is_filler(value: &str) -> bool {
    FILLERS.contains(&value.to_lowercase().as_str())
}

/// Address prefixes of virtual cards: QEMU, Xen, VirtualBox, VMware (two) and Hyper-V. Docker has a prefix of two bytes.
const VIRTUAL_CARDS: [[u8; 3]; 6] = [
    [0x52, 0x54, 0x00],
    [0x00, 0x16, 0x3e],
    [0x08, 0x00, 0x27],
    [0x00, 0x0c, 0x29],
    [0x00, 0x50, 0x56],
    [0x00, 0x15, 0x5d],
];

/// Whether an address belongs to a virtual card.
pub(super) fn is_virtual_card(mac: airlatch_core::model::Mac) -> bool {
    let [a, b, c, ..] = mac.0;
    VIRTUAL_CARDS.contains(&[a, b, c]) || [a, b] == [0x02, 0x42]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_filler_is_one() {
        for value in [
            "",
            " ",
            "None",
            "Not Specified",
            "Not Applicable",
            "N/A",
            "Unknown",
            "Default string",
            "To be filled by O.E.M.",
            "TO BE FILLED BY O.E.M.",
            "System Serial Number",
            "Chassis Serial Number",
            "0",
            "00000000",
            "0123456789",
            "123456789",
            "INVALID",
            "xxxxxxxx",
            "........",
            "00000000-0000-0000-0000-000000000000",
            "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
            "03000200-0400-0500-0006-000700080009",
            "QM00001",
            "t10.ATA     QEMU HARDDISK                           QM00001",
            "00:00:00:00:00:00",
            "ff:ff:ff:ff:ff:ff",
        ] {
            assert!(is_placeholder(value), "{value}");
        }
        for value in ["S3Z8NB0K", "PF1A2B3C", "WD-WCC4E0000001", "4c4c4544-0051-3010-8052-b4c04f4e4d32"] {
            assert!(!is_placeholder(value), "{value}");
        }
    }

    #[test]
    fn every_virtual_card_is_one() {
        for mac in [
            "525400000001",
            "00163e000001",
            "080027000001",
            "000c29000001",
            "005056000001",
            "00155d000001",
            "0242ac110002",
        ] {
            assert!(is_virtual_card(mac.parse().unwrap()), "{mac}");
        }
        assert!(!is_virtual_card("0004f1144bd4".parse().unwrap()));
    }
}
