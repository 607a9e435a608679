//! Grants: what a person may write, what a term becomes, and what is refused to a request.

use super::Vector;
use super::cast::{HOST, changed, sealed, system_id};
use super::request::request_payload;

const PLAIN: &str =
    "product = \"call-services\"\nterm = \"1 year\"\n\n[features]\nsessions = 100\nvoicemail = true\n";

fn vector(condition: &str, expect: &str, comment: &str, text: impl Into<Vec<u8>>) -> Vector {
    let vector = Vector::new(format!("grant/{condition}"), expect, comment);
    vector.with("at", "2026-11-21T12:00:00Z").body(text)
}

/// Condition, expected word, comment, and the passage of the plain grant that is replaced by another.
type Change = (&'static str, &'static str, &'static str, &'static str, &'static str);

pub(crate) fn vectors() -> Vec<Vector> {
    let change = |&(condition, expect, comment, from, to): &Change| {
        vector(condition, expect, comment, changed(PLAIN, from, to))
    };
    let mut vectors: Vec<Vector> = [FIELDS, LOCKS, MACS, TOML].into_iter().flatten().map(change).collect();
    vectors.extend(terms());
    vectors.extend(texts());
    let deep = format!("{TERM}x = {}{}\n", "[".repeat(300), "]".repeat(300));
    vectors.push(vector("toml-300-deep", BAD, "300 arrays inside one another", changed(PLAIN, TERM, &deep)));
    vectors.extend(asked());
    vectors
}

const TERM: &str = "term = \"1 year\"\n";
const FEATURES: &str = "[features]\nsessions = 100\nvoicemail = true\n";
const SESSIONS: &str = "sessions = 100\n";
const BAD: &str = "bad-grant";

#[rustfmt::skip]
const FIELDS: &[Change] = &[
    ("all-fields", "valid", "Every field is there", TERM,
        "version = \"3.6\"\ncustomer = \"Example Hospital\"\norder = \"PO-1\"\nfrom = 2026-12-01\nterm = \"1 year\"\n\
         lock = { required = [\"os\"], optional = [\"nic\", \"disk\"], minimum = 1, allow-weak = true }\n\
         mac = { prefix = [\"00-90-33\"], spelling = \"colons\", allow-local = true }\n"),
    ("product-missing", BAD, "There is no `product`", "product = \"call-services\"\n", ""),
    ("product-capital", BAD, "A capital letter in the product", "call-services", "Call-services"),
    ("term-missing", BAD, "No until, term or permanent", TERM, ""),
    ("term-and-until", BAD, "Two of until, term and permanent", TERM, "term = \"1 year\"\nuntil = 2027-11-21\n"),
    ("term-and-permanent", BAD, "Two of until, term and permanent", TERM, "term = \"1 year\"\npermanent = true\n"),
    ("permanent-false", BAD, "`permanent = false` is no end", TERM, "permanent = false\n"),
    ("features-missing", BAD, "No [features]", FEATURES, ""),
    ("field-unknown", BAD, "A field nobody knows", TERM, "term = \"1 year\"\ncolour = \"red\"\n"),
    ("field-misspelt", BAD, "`costumer`", TERM, "term = \"1 year\"\ncostumer = \"Example Hospital\"\n"),
    ("field-twice", BAD, "A field stands there twice", TERM, "term = \"1 year\"\nterm = \"2 years\"\n"),
    ("field-of-wrong-kind", BAD, "A number where text belongs", TERM, "term = \"1 year\"\ncustomer = 7\n"),
    ("quantity-zero", BAD, "A count of 0", SESSIONS, "sessions = 0\n"),
    ("quantity-text", BAD, "A count in quotes", SESSIONS, "sessions = \"100\"\n"),
    ("quantity-fraction", BAD, "100.0", SESSIONS, "sessions = 100.0\n"),
    ("feature-off", BAD, "A feature that is off", SESSIONS, "sessions = false\n"),
    ("feature-blank", BAD, "A blank in a feature's name", SESSIONS, "\"call sessions\" = 100\n"),
];

/// Where readers of TOML differ.
#[rustfmt::skip]
const TOML: &[Change] = &[
    ("toml-comment", "valid", "People write comments", TERM, "term = \"1 year\" # from today\n"),
    ("toml-literal-string", "valid", "And texts in single quotes", TERM, "term = '1 year'\n"),
    ("toml-date-in-quotes", "valid", "A date may stand in quotes", TERM, "from = \"2026-12-01\"\nterm = \"1 year\"\n"),
    ("toml-year-0", "bad-time", "Some readers have no year 0", TERM, "from = 0000-01-01\nterm = \"1 year\"\n"),
    ("toml-60-seconds", "bad-time", "Some readers take a leap second", TERM, "from = 2026-12-31T23:59:60Z\nterm = \"1 year\"\n"),
    ("toml-offset", "bad-time", "Times are in UTC", TERM, "from = 2026-12-01T00:00:00+01:00\nterm = \"1 year\"\n"),
    ("toml-without-offset", "bad-time", "A time says that it is in UTC", TERM, "from = 2026-12-01T00:00:00\nterm = \"1 year\"\n"),
    ("toml-1e400", BAD, "Some readers make infinity of it", SESSIONS, "sessions = 1e400\n"),
    ("toml-integer-2-to-the-63", BAD, "One more than 64 bits hold", SESSIONS, "sessions = 9223372036854775808\n"),
];

#[rustfmt::skip]
const LOCKS: &[Change] = &[
    ("lock-tolerance", "valid", "Required and optional components", FEATURES,
        "lock = { required = [\"os\"], optional = [\"nic\", \"disk\"], minimum = 1 }\n[features]\nsessions = 100\n"),
    ("lock-system-id-only", "valid", "The System ID alone", TERM, "term = \"1 year\"\nlock.system-id-only = true\n"),
    ("lock-allow", "valid", "Virtual machines and containers, and days on changed hardware", TERM,
        "term = \"1 year\"\nlock = { allow = [\"virtual\", \"container\"], drift-days = 14 }\n"),
    ("lock-allow-unknown", BAD, "A kind of host that does not exist", TERM,
        "term = \"1 year\"\nlock.allow = [\"bare-metal\"]\n"),
    ("lock-drift-days-3661", BAD, "One day too many", TERM, "term = \"1 year\"\nlock.drift-days = 3661\n"),
    ("lock-any-host", "weak-lock", "Nothing would have to match", TERM,
        "term = \"1 year\"\nlock = { optional = [\"os\"], minimum = 0 }\n"),
    ("lock-no-host", "weak-lock", "2 of 1 can't match", TERM,
        "term = \"1 year\"\nlock = { optional = [\"os\"], minimum = 2 }\n"),
    ("lock-in-both", "weak-lock", "A component is required and optional", TERM,
        "term = \"1 year\"\nlock = { required = [\"os\"], optional = [\"os\", \"nic\"], minimum = 1 }\n"),
    ("lock-unknown-component", BAD, "A component that does not exist", TERM,
        "term = \"1 year\"\nlock = { required = [\"gpu\"] }\n"),
    ("lock-unknown-field", BAD, "A field nobody knows", TERM, "term = \"1 year\"\nlock.colour = 1\n"),
    ("lock-contradiction", BAD, "A tolerance beside the System ID alone", TERM,
        "term = \"1 year\"\nlock = { required = [\"os\"], system-id-only = true }\n"),
];

#[rustfmt::skip]
const MACS: &[Change] = &[
    ("mac-prefix-28-bits", "valid", "A prefix of 28 bits", TERM, "term = \"1 year\"\nmac.prefix = [\"70-B3-D5-1\"]\n"),
    ("mac-prefix-empty", BAD, "A prefix of no digit", TERM, "term = \"1 year\"\nmac.prefix = [\"\"]\n"),
    ("mac-prefix-too-long", BAD, "A prefix of 13 digits", TERM, "term = \"1 year\"\nmac.prefix = [\"00049f114bd40\"]\n"),
    ("mac-prefix-no-digits", BAD, "A prefix with other characters", TERM, "term = \"1 year\"\nmac.prefix = [\"00-9O\"]\n"),
    ("mac-prefix-no-array", BAD, "A prefix without an array", TERM, "term = \"1 year\"\nmac.prefix = \"009033\"\n"),
    ("mac-spelling-unknown", BAD, "A spelling that does not exist", TERM, "term = \"1 year\"\nmac.spelling = \"cisco\"\n"),
    ("mac-unknown-field", BAD, "A field nobody knows", TERM, "term = \"1 year\"\nmac.colour = 1\n"),
];

/// What begins and ends when, for a license that is issued at noon of 21 November 2026.
fn terms() -> Vec<Vector> {
    let good = |&(condition, comment, term, from, until): &(&str, &str, &str, &str, &str)| {
        let text = changed(PLAIN, TERM, term);
        vector(condition, "valid", comment, text).with("from", from).with("until", until)
    };
    let bad = |&(condition, comment, term): &(&str, &str, &str)| {
        vector(condition, "bad-time", comment, changed(PLAIN, TERM, term))
    };
    GOOD_TERMS.iter().map(good).chain(BAD_TERMS.iter().map(bad)).collect()
}

const TODAY: &str = "2026-11-21T00:00:00Z";

#[rustfmt::skip]
const GOOD_TERMS: &[(&str, &str, &str, &str, &str)] = &[
    ("plain", "A year from the day of issue", TERM, TODAY, "2027-11-21T00:00:00Z"),
    ("term-90-days", "90 days", "term = \"90 days\"\n", TODAY, "2027-02-19T00:00:00Z"),
    ("term-clamped", "A month from 31 January", "from = 2027-01-31\nterm = \"1 month\"\n",
        "2027-01-31T00:00:00Z", "2027-02-28T00:00:00Z"),
    ("term-leap-day", "A year from 29 February", "from = 2028-02-29\nterm = \"1 year\"\n",
        "2028-02-29T00:00:00Z", "2029-02-28T00:00:00Z"),
    ("until-date", "A date is the last day inside", "until = 2027-02-28\n", TODAY, "2027-03-01T00:00:00Z"),
    ("until-date-in-quotes", "The same in quotes", "until = \"2027-02-28\"\n", TODAY, "2027-03-01T00:00:00Z"),
    ("until-time", "A time is the first second outside", "until = 2027-02-28T18:00:00Z\n",
        TODAY, "2027-02-28T18:00:00Z"),
    ("until-today", "The day of issue is the last day inside", "until = 2026-11-21\n",
        TODAY, "2026-11-22T00:00:00Z"),
    ("permanent", "No end", "permanent = true\n", TODAY, "permanent"),
    ("from-earlier", "It may begin before the day of issue", "from = 2026-01-01\nterm = \"1 year\"\n",
        "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
];

#[rustfmt::skip]
const BAD_TERMS: &[(&str, &str, &str)] = &[
    ("until-over", "It would be over already", "until = 2026-11-20\n"),
    ("until-before-from", "It would end before it begins", "from = 2028-01-01\nuntil = 2027-12-30\n"),
    ("until-30-february", "30 February, in quotes", "until = \"2027-02-30\"\n"),
    ("until-other-zone", "+01:00 instead of Z", "until = 2027-02-28T18:00:00+01:00\n"),
    ("until-local", "A time without a zone", "until = 2027-02-28T18:00:00\n"),
    ("until-after-9999", "A year that would end after the last second there is",
        "from = 9999-12-01\nterm = \"1 year\"\n"),
    ("term-zero", "0 days", "term = \"0 days\"\n"),
    ("term-negative", "-1 day", "term = \"-1 day\"\n"),
    ("term-no-length", "A word", "term = \"forever\"\n"),
    ("term-huge", "9000 years", "term = \"9000 years\"\n"),
];

fn texts() -> Vec<Vector> {
    let deep = format!("deep = {}\n{PLAIN}", "[".repeat(20_000));
    vec![
        vector("byte-order-mark", "valid", "A byte order mark in front", format!("\u{feff}{PLAIN}")),
        vector("crlf", "valid", "Line ends are CR LF", PLAIN.replace('\n', "\r\n")),
        vector("comments", "valid", "Comments", format!("# a grant\n{PLAIN}# the end\n")),
        vector("features-empty", BAD, "[features] is empty", changed(PLAIN, FEATURES, "[features]\n")),
        vector("empty", BAD, "A file of 0 bytes", ""),
        vector("not-toml", BAD, "JSON", "{\"product\": \"call-services\"}\n"),
        vector("not-utf-8", BAD, "A byte of Latin-1", [PLAIN.as_bytes(), b"# \xe9\n"].concat()),
        vector("nested-20000-deep", BAD, "20,000 brackets must not exhaust the reader", deep),
    ]
}

/// A grant held against a request, whose sealed bytes stand in the head.
fn ask(condition: &str, expect: &str, comment: &str, request: &str, grant: &str) -> Vector {
    let sealed = sealed("request", request.as_bytes(), HOST);
    let base64 = super::cast::base64_lines(&sealed).replace('\n', "");
    vector(condition, expect, comment, grant).with("request", base64)
}

fn asked() -> Vec<Vector> {
    let plain = request_payload(&system_id(HOST));
    let asked = |condition, expect, comment, from: &str, to: &str| {
        ask(condition, expect, comment, &changed(&plain, from, to), PLAIN)
    };
    let (made, wanted) = ("2026-11-21T12:00:00Z", "sessions = 100\n");
    let mut vectors = vec![
        ask("asked", "valid", "A request for what is granted", &plain, PLAIN),
        asked("asked-other-product", "wrong-product", "Another product", "call-services", "voice-box"),
        asked(
            "asked-too-much",
            "not-granted",
            "One session more than is granted",
            wanted,
            "sessions = 101\n",
        ),
        asked(
            "asked-other-feature",
            "not-granted",
            "A feature that is not granted",
            wanted,
            "video = true\n",
        ),
        asked("asked-a-day-ahead", "valid", "The host's clock is a day ahead", made, "2026-11-22T12:00:00Z"),
        asked(
            "asked-in-the-future",
            "future-request",
            "A day and a second ahead",
            made,
            "2026-11-22T12:00:01Z",
        ),
    ];
    vectors.extend(asked_by_weak(&plain));
    vectors
}

/// Requests of hosts that show all, nothing, or not what is required.
fn asked_by_weak(plain: &str) -> Vec<Vector> {
    let nothing = &plain[..plain.find("board = [").unwrap()];
    let os = plain.lines().find(|line| line.starts_with("os = [")).unwrap();
    let without_os = changed(plain, &format!("{os}\n"), "");
    let with = |lock: &str| changed(PLAIN, TERM, &format!("{TERM}{lock}\n"));
    let strict = with("lock = { required = [\"os\"], optional = [\"nic\", \"disk\"], minimum = 2 }");
    let lenient = with("lock.allow-weak = true");
    let only = |kinds: &[&str]| -> String {
        let is_kept =
            |line: &&str| !line.contains(" = [\"") || kinds.iter().any(|kind| line.starts_with(kind));
        plain.lines().filter(is_kept).map(|line| format!("{line}\n")).collect()
    };
    let allowing = with("lock.allow = [\"virtual\"]");
    let is = |class: &str| changed(plain, "class = \"bare-metal\"", &format!("class = \"{class}\""));
    let settings = changed(&changed(plain, "board = [", "name = ["), "nic = [", "net = [");
    vec![
        ask("asked-by-weak-host", "weak-host", "The host shows no usable component", nothing, PLAIN),
        ask(
            "asked-by-weak-host-allowed",
            "weak-host",
            "The same; `allow-weak` has no effect",
            nothing,
            &lenient,
        ),
        ask(
            "asked-with-two-of-hardware",
            "weak-host",
            "Two components of hardware",
            &only(&["os", "nic", "disk"]),
            PLAIN,
        ),
        ask(
            "asked-with-three-of-hardware",
            "valid",
            "Three of them",
            &only(&["board", "nic", "disk"]),
            PLAIN,
        ),
        ask("asked-without-required", "weak-host", "A required component is not shown", &without_os, &strict),
        ask(
            "asked-by-virtual",
            "wrong-class",
            "A virtual machine, and nothing is said of it",
            &is("virtual"),
            PLAIN,
        ),
        ask(
            "asked-by-virtual-allowed",
            "valid",
            "The same, and the grant allows it",
            &is("virtual"),
            &allowing,
        ),
        ask(
            "asked-by-container",
            "wrong-class",
            "A container, where virtual machines are allowed",
            &is("container"),
            &allowing,
        ),
        ask(
            "asked-by-settings",
            "wrong-class",
            "A host that shows its settings in place of hardware",
            &settings,
            PLAIN,
        ),
        ask("asked-with-required", "valid", "The host shows what is required", plain, &strict),
    ]
}
