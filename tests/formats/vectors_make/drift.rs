//! Hardware drift, and components that the user of the reader may not read: a license for 3 of 5 components with 10 days.

use super::Vector;
use super::cast::{
    HOST, OTHER_HOST, SALT, SHOWN, changed, component_hash, hex, license_payload, license_vector, locking_id,
    of_payload, system_id,
};
use super::mark::{document, remembering};

pub(crate) fn vectors() -> Vec<Vector> {
    let mut vectors = drift();
    vectors.extend(counted());
    vectors.extend(unreadable());
    vectors.push(two_graces());
    vectors
}

pub(super) fn payload() -> String {
    let mut hashes = SHOWN;
    hashes.sort_unstable();
    let hash = |(kind, value): &(&str, &str)| format!("{kind} = [\"{}\"]\n", component_hash(kind, value));
    let plain = license_payload();
    let plain = plain.replace("\n[features]", "drift-days = 10\n\n[features]");
    format!(
        "{}[lock]\nkind = \"fingerprint\"\nsystem-id = \"{}\"\nlocking-id = \"{}\"\nrequired = []\n\
         optional = [\"os\", \"system\", \"board\", \"nic\", \"disk\"]\nminimum = 3\nsalt = \"{}\"\n\n[lock.hashes]\n{}",
        &plain[..plain.find("[lock]").unwrap()],
        system_id(HOST),
        locking_id(&SHOWN.map(|(kind, _)| kind)),
        hex(&SALT),
        hashes.iter().map(hash).collect::<String>()
    )
}

/// The license after its end, with days of grace, on changed hardware.
fn two_graces() -> Vector {
    let until = "until = \"2027-11-21T00:00:00Z\"\n";
    let payload = changed(&payload(), until, "until = \"2026-12-21T00:00:00Z\"\ngrace-days = 30\n");
    let comment = "Changed hardware and an end with grace: both are reasons of grace";
    let vector = of_payload(license_vector("grace-for-two-reasons", "valid", comment), &payload);
    let vector = SHOWN[..2].iter().fold(vector, |vector, (kind, value)| vector.with(kind, *value));
    let id = document(&payload);
    grace(remembering(vector, &format!("[[drift]]\nlicense = \"{id}\"\nused = 0\n")))
        .with("grace", "host-drift expired")
}

/// The license on a host that shows the first `same` of its components, and remembers `more`.
fn on(condition: &str, expect: &str, comment: &str, same: usize, more: &str) -> Vector {
    let mut vector = of_payload(license_vector(condition, expect, comment), payload());
    for (kind, value) in &SHOWN[..same] {
        vector = vector.with(kind, *value);
    }
    remembering(vector, more)
}

/// The license on a host with the same system and nothing else.
fn one_of_hardware(more: &str) -> Vector {
    let comment = "One component of hardware is enough to know it by";
    let vector = of_payload(license_vector("drift-one-of-hardware", "valid", comment), payload());
    let (kind, value) = SHOWN[1];
    remembering(vector.with(kind, value), more)
}

/// The entry of the license in a clock mark.
fn used(seconds: i64, last: &str) -> String {
    let last = if last.is_empty() { String::new() } else { format!("last = \"{last}\"\n") };
    format!("[[drift]]\nlicense = \"{}\"\nused = {seconds}\n{last}", document(&payload()))
}

fn grace(vector: Vector) -> Vector {
    vector.with("verdict", "grace")
}

fn drift() -> Vec<Vector> {
    let fresh = used(0, "");
    vec![
        on("drift-enough-same", "valid", "3 of 5 are the same", 3, &fresh),
        grace(on("drift", "valid", "Fewer are, on the first look", 2, &fresh)),
        on("drift-one-same", "wrong-host", "An operating system can be copied with the home", 1, &fresh),
        grace(one_of_hardware(&fresh)),
        on(
            "drift-after-loss",
            "wrong-host",
            "The license is older than the loss of the mark: its days are used up, whatever the mark says",
            2,
            &format!("lost = \"2026-11-22T00:00:00Z\"\n\n{fresh}"),
        ),
        grace(on(
            "drift-issued-after-loss",
            "valid",
            "The license was issued after the loss of the mark",
            2,
            &format!("lost = \"2026-11-20T00:00:00Z\"\n\n{fresh}"),
        )),
        on("drift-none-same", "wrong-host", "None is: the installation was copied", 0, &fresh),
        on("drift-never-held", "wrong-host", "It never held here", 2, ""),
        on(
            "drift-other-installation",
            "wrong-host",
            "The same hardware parts, another installation",
            2,
            &fresh,
        )
        .set("system-id", system_id(OTHER_HOST)),
    ]
}

fn counted() -> Vec<Vector> {
    let behind = |more: &str| format!("latest = \"2027-01-03T00:00:00Z\"\n\n{more}{}", used(0, ""));
    let jump = "[jump]\nfrom = \"2026-12-31T00:00:00Z\"\nto = \"2027-01-03T00:00:00Z\"\n\n";
    let last = "What was used, and the time since the last look";
    let rollback = "clock-rollback";
    vec![
        grace(on("drift-last-second", "valid", "One second is left", 2, &used(863_999, ""))),
        on("drift-used-up", "wrong-host", "None is left", 2, &used(864_000, "")),
        grace(on("drift-running", "valid", last, 2, &used(100, "2026-12-22T00:01:41Z"))),
        on(
            "drift-ran-out",
            "wrong-host",
            "A second earlier, and all is used up",
            2,
            &used(100, "2026-12-22T00:01:40Z"),
        ),
        on("drift-clock-rollback", rollback, "Days that are counted need a clock", 2, &behind("")),
        on("clock-grace-drift", rollback, "Of two kinds of days only one runs", 2, &behind(jump)),
    ]
}

fn unreadable() -> Vec<Vector> {
    let denied = |vector: Vector, kinds: &[&str]| {
        kinds.iter().fold(vector, |vector, kind| vector.with("denied", *kind))
    };
    let (fresh, running) = (used(0, ""), used(100, "2026-12-31T00:00:00Z"));
    let possible = "Too little, even if it is the same";
    vec![
        denied(on("unreadable", "denied", "It decides, and nobody can tell", 2, &fresh), &["board"]),
        denied(on("unreadable-enough-same", "valid", "3 of 5 are the same without", 3, ""), &["nic", "disk"]),
        grace(denied(on("unreadable-not-enough", "valid", possible, 1, &fresh), &["board"])),
        denied(
            on("unreadable-never-held", "denied", "It decides where it never held, too", 2, ""),
            &["nic", "disk"],
        ),
        grace(denied(
            on("unreadable-drift-running", "valid", "The last who could read found it changed", 2, &running),
            &["board"],
        )),
        denied(on("unreadable-other-kinds", "wrong-host", "It has no such component", 2, ""), &["name"]),
    ]
}
