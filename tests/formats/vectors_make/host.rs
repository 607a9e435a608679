//! Locks: which hosts a license fits, and which locks can't be.

use airlatch_core::model::CodeKind;

use super::Vector;
use super::cast::{
    HOST, OTHER_HOST, SALT, SHOWN, changed, code, component_hash, hex, license_payload, license_vector,
    locking_id, of_payload, site, system_id,
};

pub(crate) fn vectors() -> Vec<Vector> {
    let mut vectors = counted();
    vectors.extend(fingerprints());
    vectors.extend(locking_ids());
    vectors.extend(half_of_values());
    vectors.extend(single());
    vectors.extend(broken());
    vectors.extend(weak());
    vectors
}

const ALL: [&str; 5] = ["os", "system", "board", "nic", "disk"];

/// The plain license with another lock.
fn with_lock(lock: &str) -> String {
    let plain = license_payload();
    format!("{}{lock}", &plain[..plain.find("[lock]").unwrap()])
}

fn array(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    format!("[{}]", quoted.join(", "))
}

/// A lock to the fingerprint of a host that showed `kinds`.
fn fingerprint(kinds: &[&str], required: &[&str], optional: &[&str], minimum: usize) -> String {
    let mut hashes: Vec<_> = SHOWN.iter().filter(|(kind, _)| kinds.contains(kind)).collect();
    hashes.sort_unstable();
    let hash = |(kind, value): &&(&str, &str)| format!("{kind} = [\"{}\"]\n", component_hash(kind, value));
    format!(
        "[lock]\nkind = \"fingerprint\"\nsystem-id = \"{}\"\nlocking-id = \"{}\"\nrequired = {}\noptional = {}\n\
         minimum = {minimum}\nsalt = \"{}\"\n\n[lock.hashes]\n{}",
        system_id(HOST),
        locking_id(kinds),
        array(required),
        array(optional),
        hex(&SALT),
        hashes.iter().map(hash).collect::<String>()
    )
}

fn by_locking_id(kinds: &[&str], required: &[&str], optional: &[&str], minimum: usize) -> String {
    format!(
        "[lock]\nkind = \"locking-id\"\nlocking-id = \"{}\"\nrequired = {}\noptional = {}\nminimum = {minimum}\n",
        locking_id(kinds),
        array(required),
        array(optional)
    )
}

/// The license asked for by a host that shows all components, those named with other values.
fn shown(vector: Vector, other: &[&str], absent: &[&str]) -> Vector {
    let others = [
        "0f".repeat(16),
        "4c4c4544-0042-3510-8054-b2c04f4d3733".into(),
        "CN0".into(),
        "00049f114bd5".into(),
        "S0".into(),
    ];
    let values = SHOWN.iter().zip(&others).filter(|((kind, _), _)| !absent.contains(kind));
    values.fold(vector.without("system-id"), |vector, ((kind, value), changed)| {
        vector.with(kind, if other.contains(kind) { changed } else { *value })
    })
}

fn on(condition: &str, expect: &str, comment: &str, lock: &str, other: &[&str], absent: &[&str]) -> Vector {
    of_payload(shown(license_vector(condition, expect, comment), other, absent), with_lock(lock))
}

/// How many components may differ or be missing.
fn counted() -> Vec<Vector> {
    let lock = fingerprint(&ALL, &[], &ALL, 3);
    let no = "wrong-host";
    let mut vectors: Vec<Vector> = (0..=5)
        .map(|count| {
            let expect = if count <= 2 { "valid" } else { no };
            let comment = format!("{count} of 5 components differ, 3 of 5 have to match");
            on(&format!("host-differs-in-{count}"), expect, &comment, &lock, &ALL[..count], &[])
        })
        .collect();
    vectors.extend([
        on("host-lacks-2", "valid", "2 of 5 components are not shown", &lock, &[], &["os", "nic"]),
        on("host-lacks-3", no, "3 of 5 components are not shown", &lock, &[], &["os", "nic", "disk"]),
        on("host-shows-nothing", no, "No component is shown", &lock, &[], &ALL),
    ]);
    vectors
}

/// Locks to a host with three or four network cards, one or two of which are left.
fn half_of_values() -> Vec<Vector> {
    let others = ["02049f000001", "02049f000002", "02049f000003"];
    let hashes = |count: usize| -> String {
        let others = others[..count].iter().map(|card| format!("\"{}\", ", component_hash("nic", card)));
        format!("nic = [{}", others.collect::<String>())
    };
    let plain = fingerprint(&ALL, &["nic"], &[], 0);
    let lock = |count| changed(&plain, "nic = [", &hashes(count));
    let half = |count| changed(&lock(count), "minimum = 0\n", "minimum = 0\nhalf-of-values = true\n");
    vec![
        on(
            "one-of-four-hashes",
            "valid",
            "One of four cards is left, in an older license",
            &lock(3),
            &[],
            &[],
        ),
        on("half-of-two-hashes", "valid", "One of two cards, with half-of-values", &half(1), &[], &[]),
        on("half-of-three-hashes-one", "wrong-host", "One of three is less than half", &half(2), &[], &[]),
        on("half-of-three-hashes-two", "valid", "Two of three", &half(2), &[], &[]).with("nic", others[0]),
        on("half-of-four-hashes-one", "wrong-host", "One of four", &half(3), &[], &[]),
        on("half-of-four-hashes-two", "valid", "Two of four", &half(3), &[], &[]).with("nic", others[2]),
        on(
            "half-of-values-not-a-flag",
            "bad-field",
            "A number in place of true",
            &changed(&plain, "minimum = 0\n", "minimum = 0\nhalf-of-values = 2\n"),
            &[],
            &[],
        ),
    ]
}

fn fingerprints() -> Vec<Vector> {
    let strict = fingerprint(&ALL, &["os"], &["system", "board", "nic", "disk"], 2);
    let few = fingerprint(&["os", "nic"], &[], &["os", "nic", "disk"], 2);
    let no = "wrong-host";
    let two_cards = "02049f000001";
    vec![
        on("required-matches", "valid", "The required one and 2 of 4 match", &strict, &["nic", "disk"], &[]),
        on("required-differs", no, "All but the required one match", &strict, &["os"], &[]),
        on("required-missing", no, "All match, but the required one is not shown", &strict, &[], &["os"]),
        on(
            "required-alone",
            no,
            "Only the required one matches",
            &strict,
            &["system", "board", "nic", "disk"],
            &[],
        ),
        on(
            "absent-never-matches-absent",
            no,
            "No disk then, no disk now: 1 of 3 matches",
            &few,
            &["nic"],
            &["disk"],
        ),
        on("component-added", "valid", "A disk the license was made without does no harm", &few, &[], &[]),
        on(
            "second-network-card",
            "valid",
            "One of two network cards is the licensed one",
            &fingerprint(&ALL, &["nic"], &[], 0),
            &[],
            &[],
        )
        .with("nic", two_cards),
        on(
            "one-of-two-hashes",
            "valid",
            "The license was made for two network cards, one is left",
            &changed(
                &fingerprint(&ALL, &["nic"], &[], 0),
                "nic = [",
                &format!("nic = [\"{}\", ", component_hash("nic", two_cards)),
            ),
            &[],
            &[],
        ),
        on(
            "value-in-capitals",
            no,
            "Values are compared byte by byte",
            &fingerprint(&ALL, &["os"], &[], 0),
            &[],
            &["os"],
        )
        .with("os", SHOWN[0].1.to_uppercase()),
        on(
            "value-of-another-component",
            no,
            "The disk shows the serial of the board",
            &fingerprint(&ALL, &["board"], &[], 0),
            &[],
            &["board", "disk"],
        )
        .with("disk", SHOWN[2].1),
    ]
}

fn locking_ids() -> Vec<Vector> {
    let lock = by_locking_id(&ALL, &[], &ALL, 3);
    let few = by_locking_id(&["os", "nic"], &[], &["os", "nic", "disk"], 2);
    let no = "wrong-host";
    vec![
        on("locking-id", "valid", "All groups match", &lock, &[], &[]),
        on("locking-id-differs-in-2", "valid", "3 of 5 groups match", &lock, &["os", "disk"], &[]),
        on("locking-id-differs-in-3", no, "2 of 5 groups match", &lock, &["os", "disk", "nic"], &[]),
        on("locking-id-absent", no, "No disk then, no disk now: 1 of 3 matches", &few, &["nic"], &["disk"]),
        on(
            "locking-id-second-network-card",
            "valid",
            "Any network card may be the one",
            &by_locking_id(&ALL, &["nic"], &[], 0),
            &[],
            &[],
        )
        .with("nic", "00000f000001"),
    ]
}

/// Locks to one thing.
fn single() -> Vec<Vector> {
    let mac = "[lock]\nkind = \"mac\"\nmac = \"00049f114bd4\"\n";
    let at_site = format!("[lock]\nkind = \"site\"\nsite = \"{}\"\n", site("north"));
    let of = |condition, expect, comment, lock: &str| {
        of_payload(license_vector(condition, expect, comment).without("system-id"), with_lock(lock))
    };
    let spelled = |condition, comment, spelling: &str| {
        let lock = format!("[lock]\nkind = \"mac\"\nmac = \"{spelling}\"\n");
        of(condition, "bad-mac", comment, &lock).with("nic", "00049f114bd4")
    };
    let no = "wrong-host";
    let by_system = license_payload();
    let by_system = &by_system[by_system.find("[lock]").unwrap()..];
    vec![
        of("system-id-other", no, "Another installation", by_system).with("system-id", system_id(OTHER_HOST)),
        of("system-id-none", no, "A host without a key of its own", by_system),
        of("mac", "valid", "A device by its MAC", mac).with("nic", "00049f114bd4"),
        of("mac-second-card", "valid", "Any network card may be the one", mac)
            .with("nic", "00049f114bd3")
            .with("nic", "00049f114bd4"),
        of("mac-other", no, "Another MAC", mac).with("nic", "00049f114bd5"),
        of("mac-none", no, "No network card", mac),
        of_payload(
            license_vector("lock-code-lower-case", "bad-code", "A typed code has one spelling in a document"),
            license_payload().replace(&system_id(HOST), &system_id(HOST).to_lowercase()),
        ),
        of_payload(
            license_vector("lock-code-without-dashes", "bad-code", "The same without its dashes"),
            license_payload().replace(&system_id(HOST), &system_id(HOST).replace('-', "")),
        ),
        of(
            "mac-misspelt",
            "bad-mac",
            "A MAC of 11 digits",
            "[lock]\nkind = \"mac\"\nmac = \"00049f114bd\"\n",
        ),
        spelled("mac-with-colons", "Colons: an address has one spelling in a document", "00:04:9f:11:4b:d4"),
        spelled(
            "mac-with-hyphens",
            "Hyphens: an address has one spelling in a document",
            "00-04-9f-11-4b-d4",
        ),
        spelled("mac-with-dots", "Dots: an address has one spelling in a document", "0004.9f11.4bd4"),
        spelled(
            "mac-in-capitals",
            "Capital digits: an address has one spelling in a document",
            "00049F114BD4",
        ),
        spelled(
            "mac-with-blank",
            "A blank before it: an address has one spelling in a document",
            " 00049f114bd4",
        ),
        of("site", "valid", "A site by its serial", &at_site).with("site", site("north")),
        of("site-other", no, "Another site", &at_site).with("site", site("south")),
        of("site-none", no, "Nobody told the host where it stands", &at_site),
        of(
            "site-other-code",
            "wrong-code",
            "An authorization code where a site serial belongs",
            &format!("[lock]\nkind = \"site\"\nsite = \"{}\"\n", code(CodeKind::Order, "some", b"")),
        ),
    ]
}

/// Fields of a lock that can't be read.
fn broken() -> Vec<Vector> {
    let lock = fingerprint(&ALL, &[], &ALL, 3);
    let salt = hex(&SALT);
    let hash = component_hash("os", SHOWN[0].1);
    let bad = |condition, comment, from: &str, to: &str| {
        on(condition, "bad-field", comment, &changed(&lock, from, to), &[], &[])
    };
    vec![
        bad("salt-short", "A salt of 15 bytes", &salt, &salt[..30]),
        bad("salt-long", "A salt of 17 bytes", &salt, &format!("{salt}00")),
        bad("salt-in-capitals", "A salt in capital digits", &salt, &salt.to_uppercase()),
        bad("salt-missing", "No salt", &format!("salt = \"{salt}\"\n"), ""),
        bad("hash-short", "A hash of 31 digits", &hash, &hash[..31]),
        bad("hash-in-capitals", "A hash in capital digits", &hash, &hash.to_uppercase()),
        bad("hash-no-array", "A hash without an array", &format!("[\"{hash}\"]"), &format!("\"{hash}\"")),
        bad("hash-none", "A component that is present has a hash", &format!("[\"{hash}\"]"), "[]"),
        bad("minimum-missing", "No minimum", "minimum = 3\n", ""),
        bad("minimum-negative", "A negative minimum", "minimum = 3\n", "minimum = -1\n"),
        bad("component-unknown", "A component that does not exist", "[\"os\", ", "[\"gpu\", "),
        on(
            "hashes-missing",
            "bad-field",
            "No hashes",
            &lock[..lock.find("\n[lock.hashes]").unwrap()],
            &[],
            &[],
        ),
        on(
            "unknown-component-ignored",
            "valid",
            "Hashes of a component nobody knows",
            &format!("{lock}gpu = [\"{hash}\"]\n"),
            &[],
            &[],
        )
        .with("unknown", "lock.hashes.gpu"),
        of_payload(
            shown(
                license_vector("critical-unknown-component", "unknown-critical", "They are critical"),
                &[],
                &[],
            ),
            format!(
                "critical = [\"lock.hashes.gpu\"]\n{}",
                with_lock(&format!("{lock}gpu = [\"{hash}\"]\n"))
            ),
        ),
    ]
}

/// Locks that any host would fit, or none.
fn weak() -> Vec<Vector> {
    let weak = |condition, comment, lock: String| on(condition, "weak-lock", comment, &lock, &[], &[]);
    vec![
        weak("weak-lock-any-host", "Nothing would have to match", fingerprint(&ALL, &[], &ALL, 0)),
        weak("weak-lock-no-components", "No component is named", fingerprint(&ALL, &[], &[], 0)),
        weak("weak-lock-minimum-too-high", "3 of 2 can't match", fingerprint(&ALL, &[], &["os", "nic"], 3)),
        weak(
            "weak-lock-in-both",
            "A component is required and optional",
            fingerprint(&ALL, &["os"], &["os"], 1),
        ),
        weak(
            "weak-lock-required-without-hash",
            "A required component without a hash can't match",
            fingerprint(&["os", "nic"], &["disk"], &["os", "nic"], 1),
        ),
        weak(
            "weak-lock-too-few-hashes",
            "2 of 3 have to match, one has a hash",
            fingerprint(&["os"], &[], &["os", "nic", "disk"], 2),
        ),
        weak(
            "weak-lock-locking-id-any-host",
            "Nothing would have to match",
            by_locking_id(&ALL, &[], &ALL, 0),
        ),
        weak(
            "weak-lock-locking-id-absent",
            "A required group is that of an absent component",
            by_locking_id(&["os", "nic"], &["disk"], &[], 0),
        ),
    ]
}
