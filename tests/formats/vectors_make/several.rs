//! Licenses that are checked together: which one supersedes which, and what they allow in sum.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Vector;
use super::cast::{
    HOST, OTHER_HOST, VENDOR, changed, license_payload, license_vector, of_payload, sealed, system_id,
};

const UNTIL: &str = "until = \"2027-11-21T00:00:00Z\"\n";
const LEDGER: &str = "00112233445566778899aabbccddeeff";

pub(crate) fn vectors() -> Vec<Vector> {
    let mut vectors = superseded();
    vectors.extend(starters());
    vectors.extend(sums());
    vectors
}

/// The license `payload`, checked together with those of `others`.
fn with(condition: &str, expect: &str, comment: &str, payload: &str, others: &[&str]) -> Vector {
    let vector = of_payload(license_vector(condition, expect, comment), payload);
    let base64 = |payload: &&str| STANDARD.encode(sealed("license", payload.as_bytes(), VENDOR));
    others.iter().map(base64).fold(vector, |vector, base64| vector.with("beside", base64))
}

/// The plain license, charged in a ledger.
fn charged(ledger: &str, entry: u64) -> String {
    let table = format!("\n[ledger]\nid = \"{ledger}\"\nentry = {entry}\nhead = \"{}\"\n", "ab".repeat(32));
    changed(&license_payload(), "\n[lock]\n", &format!("{table}\n[lock]\n"))
}

fn superseded() -> Vec<Vector> {
    let (earlier, later) = (charged(LEDGER, 12), charged(LEDGER, 13));
    let issued = |payload: &str, time| changed(payload, "issued = \"2026-11-21T00:00:00Z\"", time);
    let same_entry = issued(&earlier, "issued = \"2026-11-21T00:00:01Z\"");
    let ended = changed(&later, UNTIL, "until = \"2026-11-22T00:00:00Z\"\n");
    let other_ledger = later.replace(LEDGER, &"0".repeat(32));
    let other_product = changed(&later, "\"call-services\"", "\"voice-box\"");
    let other_unit = changed(&later, &system_id(HOST), &system_id(OTHER_HOST));
    let late = |vector: Vector| vector.set("at", "2028-01-01T00:00:00Z");
    let no = "superseded";
    vec![
        with("superseded", no, "A later license of the same ledger, product and unit", &earlier, &[&later]),
        with("superseding", "valid", "It is the later one", &later, &[&earlier]),
        with("superseded-same-entry", no, "The same entry, issued later", &earlier, &[&same_entry]),
        with(
            "superseded-by-ended",
            no,
            "The later one has ended; what it removed stays removed",
            &earlier,
            &[&ended],
        ),
        late(with(
            "superseded-and-expired",
            "superseded expired",
            "This reason comes before all others",
            &earlier,
            &[&later],
        )),
        with(
            "superseded-other-ledger",
            "valid",
            "The later one is of another ledger",
            &earlier,
            &[&other_ledger],
        ),
        with("superseded-other-product", "valid", "It is for another product", &earlier, &[&other_product]),
        with("superseded-other-unit", "valid", "It is for another unit", &earlier, &[&other_unit]),
        with(
            "superseded-without-ledger",
            "valid",
            "One without a ledger supersedes nothing",
            &earlier,
            &[&license_payload()],
        ),
        with(
            "superseded-never-without-ledger",
            "valid",
            "And is not superseded",
            &license_payload(),
            &[&later],
        ),
        with("superseded-itself-twice", "valid", "The same document twice is one", &earlier, &[&earlier]),
    ]
}

fn starters() -> Vec<Vector> {
    let plain = changed(&license_payload(), UNTIL, "permanent = true\n");
    let starter =
        format!("{}[lock]\nkind = \"starter\"\ndays = 30\n", &plain[..plain.find("[lock]").unwrap()]);
    let mark = format!(
        "system-id = \"{}\"\nnonce = \"{}\"\n\n[starts]\ncall-services = \"2026-12-20T00:00:00Z\"\n",
        system_id(HOST),
        "0".repeat(32)
    );
    let mark = STANDARD.encode(sealed("clock mark", mark.as_bytes(), HOST));
    let other_unit = changed(&license_payload(), &system_id(HOST), &system_id(OTHER_HOST));
    let on = |condition, expect, comment, beside: &str| {
        with(condition, expect, comment, &starter, &[beside]).with("mark", &mark)
    };
    vec![
        on("superseded-starter", "superseded", "A license of its product is valid here", &license_payload()),
        on("superseded-starter-not", "valid", "The other license is not valid here", &other_unit)
            .with("verdict", "grace")
            .with("grace", "activation-period"),
    ]
}

fn sums() -> Vec<Vector> {
    let plain = license_payload();
    let fifty = changed(&plain, "sessions = 100\nvoicemail = true\n", "sessions = 50\n");
    let graced = changed(&fifty, UNTIL, "until = \"2026-12-21T00:00:00Z\"\ngrace-days = 30\n");
    let other_product = changed(&fifty, "\"call-services\"", "\"voice-box\"");
    let asked = |vector: Vector, feature: &str| vector.with("feature", feature);
    let no = "quantity-short";
    vec![
        asked(with("sum", "valid", "100 and 50 are 150", &plain, &[&fifty]), "sessions=150"),
        asked(with("sum-short", no, "100 and 50 are less than 151", &plain, &[&fifty]), "sessions=151"),
        asked(with("sum-of-one", no, "The same document twice is one", &plain, &[&plain]), "sessions=101"),
        asked(
            with(
                "sum-of-three",
                "valid",
                "100, 50 and 50",
                &plain,
                &[&fifty, &changed(&fifty, "\"Example Hospital\"", "\"North\"")],
            ),
            "sessions=200",
        ),
        asked(
            with("sum-of-two-products", no, "Products do not add up", &plain, &[&other_product]),
            "sessions=150",
        ),
        asked(
            with("sum-with-expired", no, "One that has ended adds nothing", &plain, &[&graced])
                .set("at", "2027-02-01T00:00:00Z"),
            "sessions=150",
        ),
        asked(
            with(
                "sum-with-grace",
                "valid",
                "One in grace is needed, so the verdict is grace",
                &graced,
                &[&plain],
            )
            .with("verdict", "grace")
            .with("grace", "expired"),
            "sessions=150",
        ),
        asked(with("sum-switch", "valid", "A switch that is on in another", &fifty, &[&plain]), "voicemail")
            .with("feature", "sessions=150"),
    ]
}
