//! Licenses whose signature is good: what may and what may not stand in the payload, and the term.

use airlatch_core::model::CodeKind;

use super::Vector;
use super::cast::{
    HOST, OTHER_HOST, VENDOR, changed, code, license_payload, license_vector, locking_id, of_payload,
    of_sealed, sealed, system_id,
};

/// Condition, expected word, comment, and the passage of the plain license that is replaced by another.
type Change = (&'static str, &'static str, &'static str, &'static str, &'static str);

pub(crate) fn vectors() -> Vec<Vector> {
    let tables = [FIELDS, TIMES, QUANTITIES, NAMES, TEXTS, UNKNOWN];
    let change = |&(condition, expect, comment, from, to): &Change| {
        let vector = license_vector(condition, expect, comment);
        let ignored = IGNORED.iter().filter(|(known, _)| *known == condition);
        let vector = ignored.fold(vector, |vector, (_, name)| vector.with("unknown", *name));
        of_payload(vector, changed(&license_payload(), from, to))
    };
    let mut vectors: Vec<Vector> = tables.into_iter().flatten().map(change).collect();
    vectors.extend(bytes());
    vectors.extend(long());
    vectors.extend(term());
    vectors.extend(asked());
    vectors
}

const ISSUED: &str = "issued = \"2026-11-21T00:00:00Z\"\n";
const PRODUCT: &str = "product = \"call-services\"\n";
const CUSTOMER: &str = "customer = \"Example Hospital\"\n";
const FROM: &str = "from = \"2026-11-21T00:00:00Z\"\n";
const UNTIL: &str = "until = \"2027-11-21T00:00:00Z\"\n";
const BEFORE_FEATURES: &str = "\n[features]\n";
const SESSIONS: &str = "sessions = 100\n";
const KIND: &str = "kind = \"system-id\"\n";
const FIELD: &str = "bad-field";

#[rustfmt::skip]
const FIELDS: &[Change] = &[
    ("all-fields", "valid", "Every optional field is there", CUSTOMER,
        "version = \"3.6\"\nnumber = \"AB-1\"\ncustomer = \"Example Hospital\"\norder = \"PO-1\"\nunmetered = true\n"),
    ("permanent", "valid", "No end", UNTIL, "permanent = true\n"),
    ("end-and-not-permanent", "valid", "`permanent = false` says nothing", UNTIL,
        "until = \"2027-11-21T00:00:00Z\"\npermanent = false\n"),
    ("without-features", "valid", "There is no [features]", "[features]\nsessions = 100\nvoicemail = true\n\n", ""),
    ("crlf-inside", "bad-payload", "A line of the payload ends in CR LF", SESSIONS, "sessions = 100\r\n"),
    ("issued-missing", FIELD, "There is no `issued`", ISSUED, ""),
    ("product-missing", FIELD, "There is no `product`", PRODUCT, ""),
    ("from-missing", FIELD, "There is no `from`", FROM, ""),
    ("until-missing", FIELD, "There is no end, and the license is not permanent", UNTIL, ""),
    ("until-and-permanent", FIELD, "An end, and permanent", UNTIL,
        "until = \"2027-11-21T00:00:00Z\"\npermanent = true\n"),
    ("until-is-from", FIELD, "It ends in the second in which it begins", UNTIL, "until = \"2026-11-21T00:00:00Z\"\n"),
    ("until-before-from", FIELD, "It ends before it begins", UNTIL, "until = \"2025-11-21T00:00:00Z\"\n"),
    ("permanent-is-text", FIELD, "`permanent` in quotes", UNTIL, "permanent = \"true\"\n"),
    ("unmetered-is-number", FIELD, "`unmetered = 1`", CUSTOMER, "unmetered = 1\n"),
    ("features-no-table", FIELD, "`features` is an array", "[features]\nsessions = 100\nvoicemail = true\n",
        "[[features]]\nsessions = 100\nvoicemail = true\n"),
    ("lock-kind-missing", FIELD, "The lock has no `kind`", KIND, ""),
    ("lock-kind-of-another", FIELD, "A site lock without `site`", KIND, "kind = \"site\"\n"),
    ("lock-kind-unknown", "unknown-critical", "A kind of lock that does not exist can't be ignored", KIND,
        "kind = \"dongle\"\n"),
    ("duplicate-field", "bad-payload", "A field stands there twice", CUSTOMER,
        "customer = \"Example Hospital\"\ncustomer = \"Example Hotel\"\n"),
    ("duplicate-feature", "bad-payload", "A feature stands there twice", SESSIONS, "sessions = 100\nsessions = 200\n"),
    ("duplicate-table", "bad-payload", "[lock] stands there twice", "[lock]\n", "[lock]\n[lock]\n"),
    ("unclosed-quote", "bad-payload", "A quotation mark is missing", CUSTOMER, "customer = \"Example Hospital\n"),
    ("zero-byte-inside", "bad-payload", "A zero byte in a text", "Example Hospital", "Example\0Hospital"),
];

#[rustfmt::skip]
const TIMES: &[Change] = &[
    ("time-2038", "valid", "One second more than 31 bits hold", UNTIL, "until = \"2038-01-19T03:14:08Z\"\n"),
    ("time-last-second", "valid", "The last second there is", UNTIL, "until = \"9999-12-31T23:59:59Z\"\n"),
    ("time-leap-day", "valid", "29 February of a leap year", UNTIL, "until = \"2028-02-29T00:00:00Z\"\n"),
    ("time-first-second", "valid", "The first second there is", FROM, "from = \"1970-01-01T00:00:00Z\"\n"),
    ("time-30-february", "bad-time", "30 February", UNTIL, "until = \"2027-02-30T00:00:00Z\"\n"),
    ("time-no-leap-day", "bad-time", "29 February of a common year", UNTIL, "until = \"2027-02-29T00:00:00Z\"\n"),
    ("time-13th-month", "bad-time", "The 13th month", UNTIL, "until = \"2027-13-01T00:00:00Z\"\n"),
    ("time-24-00", "bad-time", "24:00:00", UNTIL, "until = \"2027-11-21T24:00:00Z\"\n"),
    ("time-leap-second", "bad-time", "A 60th second", UNTIL, "until = \"2027-06-30T23:59:60Z\"\n"),
    ("time-without-zone", "bad-time", "No Z", UNTIL, "until = \"2027-11-21T00:00:00\"\n"),
    ("time-other-zone", "bad-time", "+14:00 instead of Z", UNTIL, "until = \"2027-11-21T00:00:00+14:00\"\n"),
    ("time-zero-offset", "bad-time", "+00:00 instead of Z", UNTIL, "until = \"2027-11-21T00:00:00+00:00\"\n"),
    ("time-lower-case", "bad-time", "Lower-case t and z", UNTIL, "until = \"2027-11-21t00:00:00z\"\n"),
    ("time-with-blank", "bad-time", "A blank instead of T", UNTIL, "until = \"2027-11-21 00:00:00Z\"\n"),
    ("time-with-fraction", "bad-time", "A fraction of a second", UNTIL, "until = \"2027-11-21T00:00:00.5Z\"\n"),
    ("time-date-only", "bad-time", "A date without a time", UNTIL, "until = \"2027-11-21\"\n"),
    ("time-1969", "bad-time", "One second before the first there is", FROM, "from = \"1969-12-31T23:59:59Z\"\n"),
    ("time-year-10000", "bad-time", "One second after the last there is", UNTIL, "until = \"10000-01-01T00:00:00Z\"\n"),
    ("time-toml-datetime", "bad-payload", "A time without quotes", UNTIL, "until = 2027-11-21T00:00:00Z\n"),
    ("time-number", FIELD, "Seconds since 1970", UNTIL, "until = 1826755200\n"),
];

#[rustfmt::skip]
const QUANTITIES: &[Change] = &[
    ("quantity-largest", "valid", "2^53 - 1", SESSIONS, "sessions = 9007199254740991\n"),
    ("quantity-zero", FIELD, "0", SESSIONS, "sessions = 0\n"),
    ("quantity-negative", FIELD, "-1", SESSIONS, "sessions = -1\n"),
    ("quantity-2-to-the-53", FIELD, "One more than the largest", SESSIONS, "sessions = 9007199254740992\n"),
    ("quantity-2-to-the-63", FIELD, "2^63 - 1", SESSIONS, "sessions = 9223372036854775807\n"),
    ("quantity-2-to-the-64", "bad-payload", "2^64 is no integer of TOML", SESSIONS, "sessions = 18446744073709551616\n"),
    ("quantity-1.0", "bad-payload", "1.0", SESSIONS, "sessions = 1.0\n"),
    ("quantity-1e3", "bad-payload", "1e3", SESSIONS, "sessions = 1e3\n"),
    ("quantity-infinite", "bad-payload", "inf", SESSIONS, "sessions = inf\n"),
    ("quantity-text", FIELD, "A count in quotes", SESSIONS, "sessions = \"100\"\n"),
    ("quantity-false", FIELD, "A feature that is off does not stand there", SESSIONS, "sessions = false\n"),
    ("quantity-array", FIELD, "An array of counts", SESSIONS, "sessions = [100]\n"),
];

#[rustfmt::skip]
const NAMES: &[Change] = &[
    ("feature-all-characters", "valid", "Every character that is not a letter or digit", SESSIONS,
        "sessions = 100\n\"a._-+#@Z9\" = 1\n"),
    ("feature-case-matters", "valid", "Two features that differ in case", SESSIONS, "sessions = 100\nSessions = 1\n"),
    ("feature-empty", FIELD, "A name of 0 characters", SESSIONS, "\"\" = 100\n"),
    ("feature-blank", FIELD, "A blank in the name", SESSIONS, "\"call sessions\" = 100\n"),
    ("feature-look-alike", FIELD, "A Cyrillic letter that looks like an s", SESSIONS, "\"\u{455}essions\" = 100\n"),
    ("feature-dotted", "bad-payload", "An unquoted dot makes a table", SESSIONS, "call.sessions = 100\n"),
    ("product-empty", FIELD, "A name of 0 characters", PRODUCT, "product = \"\"\n"),
    ("product-capital", FIELD, "A capital letter", PRODUCT, "product = \"Call-services\"\n"),
    ("product-begins-with-dash", FIELD, "It begins with a dash", PRODUCT, "product = \"-services\"\n"),
    ("product-with-slash", FIELD, "A slash", PRODUCT, "product = \"call/services\"\n"),
    ("product-with-blank", FIELD, "A blank at the end", PRODUCT, "product = \"call-services \"\n"),
    ("product-look-alike", FIELD, "A Cyrillic letter that looks like an a", PRODUCT, "product = \"c\u{430}ll-services\"\n"),
    ("product-number", FIELD, "A number", PRODUCT, "product = 1\n"),
];

#[rustfmt::skip]
const TEXTS: &[Change] = &[
    ("text-with-controls", "valid", "Control characters are kept; what shows them has to make them visible", CUSTOMER,
        "customer = \"a\\u001b[31mb\\u0007c\\nd\\u0000e\"\n"),
    ("text-with-bidi", "valid", "Bidirectional and invisible characters are kept", CUSTOMER,
        "customer = \"a\u{202e}b\u{2066}c\u{200b}d\"\n"),
    ("text-of-any-script", "valid", "Any script", CUSTOMER, "customer = \"Krankenhaus Süd · 北京医院 · مستشفى\"\n"),
    ("text-like-a-marker", "valid", "A text that looks like the end of the block", CUSTOMER,
        "customer = \"-----END AIRLATCH LICENSE-----\"\n"),
    ("text-empty", FIELD, "A text of 0 bytes", CUSTOMER, "customer = \"\"\n"),
    ("text-is-number", FIELD, "A number where text belongs", CUSTOMER, "customer = 7\n"),
];

#[rustfmt::skip]
const UNKNOWN: &[Change] = &[
    ("unknown-field-ignored", "valid", "A field nobody knows", CUSTOMER, "colour = \"red\"\n"),
    ("unknown-field-in-lock-ignored", "valid", "A field nobody knows, in the lock", KIND, "kind = \"system-id\"\ncolour = 1\n"),
    ("unknown-table-ignored", "valid", "A table nobody knows", "[features]\n", "[extra]\ncolour = 1\n\n[features]\n"),
    ("critical-empty", "valid", "Nothing is critical", ISSUED, "issued = \"2026-11-21T00:00:00Z\"\ncritical = []\n"),
    ("critical-known", "valid", "A known field is critical", ISSUED,
        "issued = \"2026-11-21T00:00:00Z\"\ncritical = [\"customer\", \"lock\"]\n"),
    ("critical-unknown", "unknown-critical", "A critical field nobody knows", CUSTOMER,
        "critical = [\"customer\", \"colour\"]\ncolour = \"red\"\n"),
    ("critical-unknown-table", "unknown-critical", "A critical table nobody knows", BEFORE_FEATURES,
        "permanent = false\ncritical = [\"extra\"]\n\n[extra]\ncolour = 1\n\n[features]\n"),
    ("critical-unknown-in-table", "unknown-critical", "A critical field of a table nobody knows", BEFORE_FEATURES,
        "permanent = false\ncritical = [\"extra.colour\"]\n\n[extra]\ncolour = 1\n\n[features]\n"),
    ("critical-no-array", FIELD, "`critical` is no array", CUSTOMER, "critical = \"colour\"\ncolour = 1\n"),
    ("critical-of-numbers", FIELD, "`critical` holds a number", CUSTOMER, "critical = [1]\n"),
];

/// The field that is ignored, and should be shown.
const IGNORED: &[(&str, &str)] = &[
    ("unknown-field-ignored", "colour"),
    ("unknown-field-in-lock-ignored", "lock.colour"),
    ("unknown-table-ignored", "extra"),
];

/// Payloads that no text editor would write.
fn bytes() -> Vec<Vector> {
    let raw = |condition, expect, comment, payload: &[u8]| {
        of_sealed(license_vector(condition, expect, comment), "LICENSE", &sealed("license", payload, VENDOR))
    };
    let plain = license_payload();
    let at = plain.find("Hospital").unwrap();
    let latin = [&plain.as_bytes()[..at], b"H\xf4pital", &plain.as_bytes()[at + 8..]].concat();
    let deep = changed(&plain, CUSTOMER, &format!("deep = {}\n", "[".repeat(20_000)));
    let without_lock = plain[..plain.find("\n[lock]").unwrap()].to_owned();
    vec![
        raw("payload-not-utf-8", "bad-payload", "A byte of Latin-1", &latin),
        raw("payload-empty", FIELD, "0 bytes are good TOML without any field", b""),
        raw("payload-not-toml", "bad-payload", "JSON", b"{\"product\": \"call-services\"}\n"),
        raw(
            "payload-nested-20000-deep",
            "bad-payload",
            "20,000 brackets must not exhaust the reader",
            deep.as_bytes(),
        ),
        raw("lock-missing", FIELD, "There is no [lock]", without_lock.as_bytes()),
    ]
}

/// Names, texts and tables at and beyond their limits; ids of another kind.
fn long() -> Vec<Vector> {
    let plain = license_payload();
    let with = |condition, expect, comment, from, to: String| {
        of_payload(license_vector(condition, expect, comment), changed(&plain, from, &to))
    };
    let features = |count: usize| (0..count).map(|i| format!("f{i} = 1\n")).collect::<String>();
    let customer = |length| format!("customer = \"{}\"\n", "x".repeat(length));
    let two_bytes = format!("customer = \"{}\"\n", "é".repeat(513));
    let request = code(CodeKind::Document, "a request", b"");
    let lock = format!("system-id = \"{}\"", system_id(HOST));
    let id = |kind: CodeKind| format!("request = \"{}\"\n", code(kind, "some", b""));
    vec![
        with("text-1024-bytes", "valid", "A text as long as may be", CUSTOMER, customer(1024)),
        with("text-1025-bytes", FIELD, "A text that is a byte too long", CUSTOMER, customer(1025)),
        with("text-1026-bytes-513-characters", FIELD, "The limit counts bytes", CUSTOMER, two_bytes),
        with("features-256", "valid", "As many features as may be", SESSIONS, features(255)),
        with("features-257", FIELD, "One feature too many", SESSIONS, features(256)),
        with(
            "feature-64-characters",
            "valid",
            "A name as long as may be",
            SESSIONS,
            format!("{} = 1\n", "x".repeat(64)),
        ),
        with(
            "feature-65-characters",
            FIELD,
            "A name too long by one",
            SESSIONS,
            format!("{} = 1\n", "x".repeat(65)),
        ),
        with(
            "product-64-characters",
            "valid",
            "A name as long as may be",
            PRODUCT,
            format!("product = \"{}\"\n", "x".repeat(64)),
        ),
        with(
            "product-65-characters",
            FIELD,
            "A name too long by one",
            PRODUCT,
            format!("product = \"{}\"\n", "x".repeat(65)),
        ),
        with(
            "request-named",
            "valid",
            "It says which request it answers",
            CUSTOMER,
            format!("request = \"{request}\"\n"),
        ),
        with(
            "request-other-code",
            "wrong-code",
            "A site serial where a document id belongs",
            CUSTOMER,
            id(CodeKind::Site),
        ),
        with("system-id-mistyped", "bad-code", "A check character that does not fit", &lock, mistyped(&lock)),
        with(
            "system-id-other-code",
            "wrong-code",
            "A Locking ID where a System ID belongs",
            &lock,
            format!("system-id = \"{}\"", locking_id(&["os"])),
        ),
    ]
}

/// Another digit at the end of the last group.
fn mistyped(line: &str) -> String {
    let (start, last) = line.split_at(line.len() - 2);
    format!("{start}{}\"", if last.starts_with('7') { '8' } else { '7' })
}

/// The second at which it begins and the one at which it ends.
fn term() -> Vec<Vector> {
    let at = |condition, expect, comment, at: &str| {
        of_payload(license_vector(condition, expect, comment).set("at", at), license_payload())
    };
    let later = |condition, expect, comment, at: &str| {
        let payload =
            changed(&license_payload(), "from = \"2026-11-21T00:00:00Z\"", "from = \"2026-12-01T00:00:00Z\"");
        of_payload(license_vector(condition, expect, comment).set("at", at), payload)
    };
    let forever = |condition, comment, at: &str| {
        let payload = changed(&license_payload(), UNTIL, "permanent = true\n");
        of_payload(license_vector(condition, "valid", comment).set("at", at), payload)
    };
    vec![
        later("not-yet-valid", "not-yet-valid", "The second before it begins", "2026-11-30T23:59:59Z"),
        later(
            "begins-later",
            "valid",
            "The second in which it begins, days after it was issued",
            "2026-12-01T00:00:00Z",
        ),
        at("clock-lags", "valid", "The clock is a second behind the time of issue", "2026-11-20T23:59:59Z"),
        at("first-second", "valid", "The second in which it begins", "2026-11-21T00:00:00Z"),
        at("last-second", "valid", "The second before it ends", "2027-11-20T23:59:59Z"),
        at("expired", "expired", "The second in which it ends", "2027-11-21T00:00:00Z"),
        at("expired-a-second-ago", "expired", "The second after it ended", "2027-11-21T00:00:01Z"),
        forever("permanent-in-9999", "Permanent does not end in any year", "9999-12-31T23:59:59Z"),
    ]
}

/// What is asked of a license.
fn asked() -> Vec<Vector> {
    let ask = |condition, expect, comment, name, value: &str| {
        of_payload(license_vector(condition, expect, comment).with(name, value), license_payload())
    };
    vec![
        ask(
            "product-right",
            "valid",
            "The product that asks is the licensed one",
            "product",
            "call-services",
        ),
        ask("product-wrong", "wrong-product", "Another product asks", "product", "voice-box"),
        ask(
            "product-case",
            "wrong-product",
            "Names of products are compared byte by byte",
            "product",
            "Call-services",
        ),
        ask("feature-on", "valid", "A switch is asked for", "feature", "voicemail"),
        ask("feature-any-count", "valid", "Any count will do", "feature", "sessions"),
        ask("feature-as-many", "valid", "As many as the license holds", "feature", "sessions=100"),
        ask(
            "feature-one-more",
            "quantity-short",
            "One more than the license holds",
            "feature",
            "sessions=101",
        ),
        ask("feature-on-but-not-counted", "quantity-short", "A count of a switch", "feature", "voicemail=1"),
        ask("feature-missing", "feature-missing", "A feature the license does not hold", "feature", "video"),
        ask(
            "feature-case",
            "feature-missing",
            "Names of features are compared byte by byte",
            "feature",
            "Sessions",
        ),
        ask(
            "every-reason",
            "wrong-product wrong-host expired feature-missing",
            "A refusal names every reason, in the order product, host, time, features",
            "product",
            "voice-box",
        )
        .with("feature", "video")
        .set("at", "2030-01-01T00:00:00Z")
        .set("system-id", system_id(OTHER_HOST)),
    ]
}
