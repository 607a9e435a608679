//! What becomes of clock marks: two copies are merged, and a clock reset corrects one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use airlatch_core::model::CodeKind;

use super::Vector;
use super::cast::{HOST, OTHER_HOST, STRANGER, VENDOR, code, sealed, system_id};

const NONCE: &str = "6e6f626f647920666f72657365657321";
const OTHER_NONCE: &str = "7f6f626f647920666f72657365657321";
const NEW_NONCE: &str = "ffeeddccbbaa99887766554433221100";
const ISSUED: &str = "2026-12-01T00:00:00Z";

pub(crate) fn vectors() -> Vec<Vector> {
    let mut vectors = merges();
    vectors.push(merged_after_reset());
    vectors.extend(resets());
    vectors.extend(refused());
    vectors
}

fn mark(nonce: &str, more: &str) -> String {
    format!("system-id = \"{}\"\nnonce = \"{nonce}\"\n{more}", system_id(HOST))
}

fn base64(kind: &str, payload: &str, seed: u8) -> String {
    STANDARD.encode(sealed(kind, payload.as_bytes(), seed))
}

fn license(name: &str) -> String {
    code(CodeKind::Document, "a license", name.as_bytes())
}

fn latest(time: &str) -> String {
    format!("latest = \"{time}\"\n")
}

/// The fields of a mark after the reset, whose time is signed.
fn signed(after: &str) -> String {
    let scalars = after.find("\n\n").map_or(after.len(), |end| end + 1);
    let scalars = if after.starts_with('\n') { 0 } else { scalars };
    format!("{}signed = \"{ISSUED}\"\n{}", &after[..scalars], &after[scalars..])
}

/// What the clock showed, and how far it was set back in all.
fn seen(time: &str, set_back: u64) -> String {
    format!("set-back = {set_back}\n\n[seen]\nclock = \"{time}\"\n")
}

fn drift(name: &str, used: u64, last: &str) -> String {
    let last = if last.is_empty() { String::new() } else { format!("last = \"{last}\"\n") };
    format!("\n[[drift]]\nlicense = \"{}\"\nused = {used}\n{last}", license(name))
}

fn released(name: &str, more: &str, at: &str) -> String {
    format!(
        "\n[[released]]\nlicense = \"{}\"\nproduct = \"call-services\"\n{more}at = \"{at}\"\n",
        license(name)
    )
}

/// Two copies of a mark, and the payload of what they are together; the order of the copies makes no difference.
fn merge(condition: &str, comment: &str, one: &str, other: &str, both: &str) -> Vector {
    Vector::new(format!("merge/{condition}"), "valid", comment)
        .with("one", base64("clock mark", one, HOST))
        .with("other", base64("clock mark", other, HOST))
        .body(both)
}

/// Copies with as many resets.
fn merges() -> Vec<Vector> {
    let same = |one: &str, other: &str, both: &str| (mark(NONCE, one), mark(NONCE, other), mark(NONCE, both));
    let (early, late) = ("2026-11-21T00:00:00Z", "2026-12-21T00:00:00Z");
    let start = |time: &str| format!("\n[starts]\ncall-services = \"{time}\"\n");
    let ledger = format!("ledger = \"{}\"\nentry = 12\n", "00112233445566778899aabbccddeeff");
    let equal = [
        ("latest", "The later time", same(&latest(early), &latest(late), &latest(late))),
        (
            "seen",
            "What was seen later, and the larger sum",
            same(&seen(early, 60), &seen(late, 30), &seen(late, 60)),
        ),
        (
            "signed",
            "The later signed time",
            same(
                &format!("signed = \"{early}\"\n"),
                &format!("signed = \"{late}\"\n"),
                &format!("signed = \"{late}\"\n"),
            ),
        ),
        ("latest-in-one", "Only one has a time", same("", &latest(early), &latest(early))),
        (
            "lost",
            "The later loss",
            same(
                &format!("lost = \"{early}\"\n"),
                &format!("lost = \"{late}\"\n"),
                &format!("lost = \"{late}\"\n"),
            ),
        ),
        ("starts", "The earlier start", same(&start(early), &start(late), &start(early))),
        (
            "drift",
            "For each license the drift with more used",
            same(
                &format!("{}{}", drift("a", 10, ""), drift("b", 5, early)),
                &format!("{}{}", drift("a", 9, early), drift("c", 0, "")),
                &format!("{}{}{}", drift("a", 10, ""), drift("b", 5, early), drift("c", 0, "")),
            ),
        ),
        (
            "released",
            "All releases of both, each with the earlier time and the ledger that one of them names",
            same(
                &format!("{}{}", released("a", "", late), released("b", "", early)),
                &released("a", &ledger, early),
                &format!("{}{}", released("a", &ledger, early), released("b", "", early)),
            ),
        ),
    ];
    equal
        .into_iter()
        .map(|(condition, comment, (one, other, both))| merge(condition, comment, &one, &other, &both))
        .collect()
}

/// One copy has more resets.
fn merged_after_reset() -> Vector {
    let (early, late) = ("2026-11-21T00:00:00Z", "2026-12-21T00:00:00Z");
    let start = |time: &str| format!("\n[starts]\ncall-services = \"{time}\"\n");
    let after = |nonce: &str, resets: u64, more: &str| mark(nonce, &format!("resets = {resets}\n{more}"));
    merge(
        "more-resets",
        "The one with more resets gives latest, lost, nonce and drift; starts and releases are those of both",
        &after(
            NONCE,
            1,
            &format!(
                "{}lost = \"{late}\"\n{}{}{}",
                latest(late),
                start(early),
                drift("a", 900, ""),
                released("a", "", late)
            ),
        ),
        &after(OTHER_NONCE, 2, &format!("{}{}{}", latest(early), start(late), drift("b", 5, ""))),
        &after(
            OTHER_NONCE,
            2,
            &format!("{}{}{}{}", latest(early), start(early), drift("b", 5, ""), released("a", "", late)),
        ),
    )
}

/// The payload of a reset for the mark of a host with this nonce.
fn reset(host: u8, nonce: &str) -> String {
    let request = code(CodeKind::Document, "a request", b"");
    format!(
        "issued = \"{ISSUED}\"\nproduct = \"call-services\"\nsystem-id = \"{}\"\nnonce = \"{nonce}\"\nrequest = \"{request}\"\n",
        system_id(host)
    )
}

/// A mark and a reset for it.
fn apply(condition: &str, expect: &str, comment: &str, before: &str, reset: &str, seed: u8) -> Vector {
    Vector::new(format!("reset/{condition}"), expect, comment)
        .with("trusted", "vendor")
        .with("mark", base64("clock mark", before, HOST))
        .with("reset", base64("clock reset", reset, seed))
        .with("nonce", NEW_NONCE)
}

fn refused() -> Vec<Vector> {
    let plain = mark(NONCE, &latest("2026-12-11T00:00:00Z"));
    let no = |condition: &str, expect, comment, reset: &str, seed| {
        apply(condition, expect, comment, &plain, reset, seed)
    };
    let right = reset(HOST, NONCE);
    vec![
        no(
            "used",
            "used-reset",
            "The nonce is no longer that of the mark",
            &reset(HOST, OTHER_NONCE),
            VENDOR,
        ),
        no("other-host", "wrong-host", "It is for another installation", &reset(OTHER_HOST, NONCE), VENDOR),
        no("stranger", "untrusted-key", "A key that nobody trusts signed it", &right, STRANGER),
    ]
}

/// Resets that fit, with the payload of the mark that it becomes.
fn resets() -> Vec<Vector> {
    let changed = |condition: &str, comment, before: &str, after: &str| {
        let (before, after) =
            (mark(NONCE, before), mark(NEW_NONCE, &format!("resets = 1\n{}", signed(after))));
        apply(condition, "valid", comment, &before, &reset(HOST, NONCE), VENDOR).body(after)
    };
    let start = |time: &str| format!("\n[starts]\ncall-services = \"{time}\"\n");
    let (early, late) = ("2026-11-21T00:00:00Z", "2026-12-11T00:00:00Z");
    vec![
        changed("latest", "The latest time becomes that of the reset", &latest(late), &latest(ISSUED)),
        changed(
            "set-back",
            "What was set back is forgotten",
            &format!("{}{}", latest(late), seen(late, 90_000)),
            &latest(ISSUED),
        ),
        changed("latest-earlier", "Even if it was earlier", &latest(early), &latest(ISSUED)),
        changed(
            "lost-later",
            "A loss that was noticed later becomes the time of the reset",
            &format!("{}lost = \"{late}\"\n", latest(late)),
            &format!("{}lost = \"{ISSUED}\"\n", latest(ISSUED)),
        ),
        changed(
            "lost-earlier",
            "An earlier one stays",
            &format!("{}lost = \"{early}\"\n", latest(late)),
            &format!("{}lost = \"{early}\"\n", latest(ISSUED)),
        ),
        changed(
            "starts-later",
            "So with the start of an activation period",
            &format!("{}{}", latest(late), start(late)),
            &format!("{}{}", latest(ISSUED), start(ISSUED)),
        ),
        changed(
            "drift-given-back",
            "The ten days counted after the reset are given back",
            &format!("{}{}", latest(late), drift("a", 864_100, late)),
            &format!("{}{}", latest(ISSUED), drift("a", 100, ISSUED)),
        ),
        changed(
            "drift-less-used",
            "Never more than was used",
            &format!("{}{}", latest(late), drift("a", 100, late)),
            &format!("{}{}", latest(ISSUED), drift("a", 0, ISSUED)),
        ),
        changed(
            "drift-not-running",
            "What was used before stays used",
            &format!("{}{}", latest(late), drift("a", 100, "")),
            &format!("{}{}", latest(ISSUED), drift("a", 100, "")),
        ),
    ]
}
