//! Kinds of host, what a virtual one is known by, changed hardware, and the license for the first days.

use airlatch_core::model::{Code, CodeKind};
use sha2::{Digest as _, Sha256};

use super::Vector;
use super::cast::{
    HOST, SALT, changed, component_hash, hex, license_payload, license_vector, of_payload, system_id,
};

const UNTIL: &str = "until = \"2027-11-21T00:00:00Z\"\n";
const FIELD: &str = "bad-field";
const NO: &str = "wrong-class";

/// What a virtual host shows.
const VIRTUAL: [(&str, &str); 5] = [
    ("os", "4c1f0b6f2d9e4f7c8a3b5d6e7f8091a2"),
    ("system", "4c4c4544-0042-3510-8054-b2c04f4d3732"),
    ("name", "pbx-1 Europe/Berlin"),
    ("net", "5254006b3c58 192.0.2.1"),
    ("instance", "node 3"),
];

pub(crate) fn vectors() -> Vec<Vector> {
    let mut vectors = allowed();
    vectors.extend(fields());
    vectors.extend(virtual_hosts());
    vectors.extend(starters());
    vectors
}

/// The plain license with one more line.
fn with(condition: &str, expect: &str, comment: &str, line: &str) -> Vector {
    let payload = changed(&license_payload(), UNTIL, &format!("{UNTIL}{line}"));
    of_payload(license_vector(condition, expect, comment), payload)
}

fn allowed() -> Vec<Vector> {
    let (one, other) = ("allow = [\"virtual\"]\n", "allow = [\"container\"]\n");
    let both = "allow = [\"virtual\", \"container\"]\n";
    let on = |condition, expect, comment, line, class: &str| {
        with(condition, expect, comment, line).with("class", class)
    };
    vec![
        on("class-virtual-not-allowed", NO, "A virtual machine, and nothing is said of it", "", "virtual"),
        on("class-container-not-allowed", NO, "A container, and nothing is said of it", "", "container"),
        on("class-virtual-allowed", "valid", "A virtual machine, which is allowed", one, "virtual"),
        on("class-container-allowed", "valid", "A container, which is allowed", other, "container"),
        on(
            "class-container-where-virtual-is",
            NO,
            "Virtual machines are allowed, this is none",
            one,
            "container",
        ),
        on("class-virtual-where-container-is", NO, "Containers are allowed, this is none", other, "virtual"),
        on("class-bare-metal-always", "valid", "Bare metal is allowed whatever is said", both, "bare-metal"),
    ]
}

fn fields() -> Vec<Vector> {
    vec![
        with("allow-nothing", "valid", "An empty `allow`", "allow = []\n"),
        with(
            "allow-unknown-kind",
            "valid",
            "A kind that nobody knows allows nothing here",
            "allow = [\"moon\"]\n",
        ),
        with("allow-is-text", FIELD, "`allow` is no array", "allow = \"virtual\"\n"),
        with("allow-of-numbers", FIELD, "`allow` holds a number", "allow = [1]\n"),
        with("drift-days", "valid", "30 days on changed hardware", "drift-days = 30\n"),
        with("drift-days-most", "valid", "As many days as may be", "drift-days = 3660\n"),
        with("drift-days-zero", FIELD, "0 days do not stand there", "drift-days = 0\n"),
        with("drift-days-3661", FIELD, "One day too many", "drift-days = 3661\n"),
        with("drift-days-is-text", FIELD, "Days in quotes", "drift-days = \"30\"\n"),
    ]
}

fn locking_id(kind: CodeKind, kinds: &[&str]) -> String {
    let group = |(kind, value): (&str, &str)| {
        let digest = Sha256::digest(format!("airlatch locking v1\n{kind}\n{value}"));
        let bits = u32::from_be_bytes([0, digest[0], digest[1], digest[2]]) >> 4;
        if kinds.contains(&kind) { bits.max(1) } else { 0 }
    };
    Code::from_groups(kind, VIRTUAL.map(group)).to_string()
}

/// The plain license for virtual machines, with another lock.
fn with_lock(lock: &str) -> String {
    let plain = changed(&license_payload(), UNTIL, &format!("{UNTIL}allow = [\"virtual\"]\n"));
    format!("{}{lock}", &plain[..plain.find("[lock]").unwrap()])
}

/// A virtual host that shows all but these.
fn shows(vector: Vector, absent: &[&str]) -> Vector {
    let vector = vector.without("system-id").with("class", "virtual");
    let shown = VIRTUAL.into_iter().filter(|(kind, _)| !absent.contains(kind));
    shown.fold(vector, |vector, (kind, value)| vector.with(kind, value))
}

fn virtual_hosts() -> Vec<Vector> {
    let all = VIRTUAL.map(|(kind, _)| kind);
    let tolerance =
        "required = [\"system\"]\noptional = [\"os\", \"name\", \"net\", \"instance\"]\nminimum = 3\n";
    let mut hashes = VIRTUAL.map(|(kind, value)| format!("{kind} = [\"{}\"]\n", component_hash(kind, value)));
    hashes.sort_unstable();
    let by_hash = with_lock(&format!(
        "[lock]\nkind = \"fingerprint\"\nsystem-id = \"{}\"\nlocking-id = \"{}\"\n{tolerance}salt = \"{}\"\n\n[lock.hashes]\n{}",
        system_id(HOST),
        locking_id(CodeKind::Locking, &all),
        hex(&SALT),
        hashes.concat()
    ));
    let by_id_of = |kind, tolerance: &str| {
        let id = locking_id(kind, &all);
        with_lock(&format!("[lock]\nkind = \"locking-id\"\nlocking-id = \"{id}\"\n{tolerance}"))
    };
    let by_id = by_id_of(CodeKind::Locking, tolerance);
    let told = by_id_of(CodeKind::VirtualLocking, tolerance);
    let os_and_system = "required = [\"os\", \"system\"]\noptional = []\nminimum = 0\n";
    let container = by_id_of(CodeKind::ContainerLocking, os_and_system);
    let hardware = "required = [\"board\"]\noptional = []\nminimum = 0\n";
    let of = |condition: &str, expect, comment, payload: &str, absent: &[&str]| {
        of_payload(shows(license_vector(condition, expect, comment), absent), payload)
    };
    let no = "wrong-host";
    vec![
        of("virtual", "valid", "A virtual host that shows all", &by_hash, &[]),
        of("virtual-lacks-1", "valid", "One setting is not shown", &by_hash, &["net"]),
        of("virtual-lacks-2", no, "Two settings are not shown", &by_hash, &["net", "name"]),
        of("virtual-another-system", no, "All settings, another machine", &by_hash, &["system"])
            .with("system", "4c4c4544-0042-3510-8054-b2c04f4d3733"),
        of("virtual-locking-id", "valid", "A typed Locking ID whose tolerance names settings", &by_id, &[]),
        of(
            "virtual-locking-id-tells-it",
            "valid",
            "A typed Locking ID of a virtual machine",
            &told,
            &["net"],
        ),
        of("container-locking-id", "valid", "A typed Locking ID of a container", &container, &["net"]),
        of(
            "virtual-locking-id-has-no-board",
            "weak-lock",
            "The tolerance needs hardware, and the typed Locking ID is of a virtual machine",
            &by_id_of(CodeKind::VirtualLocking, hardware),
            &[],
        ),
        of(
            "virtual-locking-id-is-no-hardware",
            no,
            "Hardware has the groups of settings",
            &by_id,
            &["name", "net", "instance"],
        )
        .with("board", VIRTUAL[2].1)
        .with("nic", VIRTUAL[3].1)
        .with("disk", VIRTUAL[4].1),
    ]
}

fn starters() -> Vec<Vector> {
    let of = |condition: &str, expect, comment, lock: &str| {
        let plain = license_payload();
        let payload = format!("{}[lock]\n{lock}", &plain[..plain.find("[lock]").unwrap()]);
        of_payload(license_vector(condition, expect, comment), payload)
    };
    let starter = "kind = \"starter\"\n";
    vec![
        of("starter-without-days", FIELD, "A starter for how long?", starter),
        of("starter-zero-days", FIELD, "A starter for 0 days", &format!("{starter}days = 0\n")),
        of("starter-3661-days", FIELD, "One day too many", &format!("{starter}days = 3661\n")),
    ]
}
