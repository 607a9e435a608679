//! The ids of a host: machine id, system UUID, board serial and instance id.

use super::class::is_system_container;
use super::placeholder::{is_filler, is_placeholder};
use super::probed::{Finding, more_specific};
use super::tree::Tree;
use airlatch_core::model::{Absence, Cause, Error, HostClass, HostIdentity, Reason};

/// The machine id of the operating system (machine-id(5)): 32 hexadecimal digits. In an application container it comes with
/// the image and is shared, unless it is mounted from outside.
pub(super) fn os(tree: &Tree, class: &HostClass) -> Finding {
    let found = machine_id(tree)?;
    let is_mounted = || tree.is_mount("etc/machine-id") || tree.is_mount("etc");
    match class {
        HostClass::Container(_) if !is_system_container(tree) && !is_mounted() => {
            Err(Absence::Shared("the image"))
        }
        _ => Ok(found),
    }
}

fn machine_id(tree: &Tree) -> Finding {
    first(["etc/machine-id", "var/lib/dbus/machine-id"].into_iter().map(|path| {
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

/// The UUID in the firmware (SMBIOS type 1), in the byte order of the kernel; a container has none of its own.
pub(super) fn system(tree: &Tree, class: &HostClass) -> Finding {
    if matches!(class, HostClass::Container(_)) {
        return Err(Absence::Shared("the machine below"));
    }
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

/// The serial number of the main board (SMBIOS type 2), or that in the device tree on machines without SMBIOS.
pub(super) fn board(tree: &Tree) -> Finding {
    let paths = [
        "sys/class/dmi/id/board_serial",
        "proc/device-tree/serial-number",
        "sys/firmware/devicetree/base/serial-number",
    ];
    first(paths.iter().map(|path| usable(tree.value(path)?)))
}

/// The instance id set by the operator.
pub(super) fn instance(identity: &HostIdentity) -> Finding {
    let value = identity.instance.clone().ok_or(Absence::Missing)?;
    HostIdentity::check_instance(&value).map_err(|error| Absence::Unreadable(error.message().to_owned()))?;
    if is_filler(&value) { Err(Absence::Placeholder(value)) } else { Ok(vec![value]) }
}

/// Checks an instance id that somebody sets: a filler text, such as `null` of a script, would identify nothing.
///
/// # Errors
/// `bad-field`.
pub fn check_instance(text: &str) -> Result<(), Error> {
    HostIdentity::check_instance(text)?;
    if is_filler(text) {
        let message = format!("`{text}` is a filler text that many hosts have, so it identifies none");
        return Err(Error::new(Reason::BadField, message));
    }
    Ok(())
}

/// Checks the instance id from the environment, if there is one.
///
/// # Errors
/// `bad-field`, at [`HostIdentity::VARIABLE`].
pub fn check_instance_variable(value: Option<&str>) -> Result<(), Error> {
    value
        .map_or(Ok(()), check_instance)
        .map_err(|error| error.at(HostIdentity::VARIABLE).because(Cause::InstanceVariable))
}

/// A serial number with its blanks normalized. A placeholder is refused, and a value without a digit, which is a model name.
pub(super) fn usable(value: String) -> Result<String, Absence> {
    if is_placeholder(&value) || !value.bytes().any(|b| b.is_ascii_digit()) {
        return Err(Absence::Placeholder(value));
    }
    Ok(value.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The first usable value, else the most specific absence. The iterator is lazy, so later files are not read.
pub(super) fn first(found: impl IntoIterator<Item = Result<String, Absence>>) -> Finding {
    let mut reason = Absence::Missing;
    for value in found {
        match value {
            Ok(value) => return Ok(vec![value]),
            Err(absence) => reason = more_specific(reason, absence),
        }
    }
    Err(reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_without_a_digit_is_a_placeholder() {
        assert_eq!(usable("overlayblk".into()), Err(Absence::Placeholder("overlayblk".into())));
        assert_eq!(usable("WD-WCC4E  01".into()), Ok("WD-WCC4E 01".into()));
    }
}
