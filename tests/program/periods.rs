//! A license with periods, and one with every field, in each verb that shows them.

use airlatch_core::model::License;

use crate::common::licenses_room::{changing, charged, text};
use crate::says::{has, ran, says, trip};

#[test]
fn a_license_in_grace_is_valid_with_a_warning_in_every_verb() {
    let mut trip = trip("periods-grace", &[("device.license", &changing())]);
    trip.now = "2027-04-02T12:00:00Z".parse().unwrap();
    let verify = "verify device.license --trust acme.pub";
    let ran = ran(&trip, verify);
    assert_eq!(ran.exit, 0, "{}", ran.both);
    has(&ran.stdout, &["grace: pbx\n", "  ends       through Wed 31 Mar 2027 (UTC), over\n"]);
    let warning = "warning: this license has expired and works for less than a day more";
    assert!(!ran.stdout.contains(warning), "{}", ran.stdout);
    has(&ran.both, &[warning, "grace ends 2027-04-03T00:00:00Z", "[expired]"]);
    assert!(!ran.both.contains("error:"), "{}", ran.both);
    let said = says(&trip, &format!("{verify} --json"), 0);
    has(&said, &["\"verdict\": \"grace\"", "\"reason\": \"expired\""]);
    assert_eq!(said.matches("\"verdict\": \"grace\"").count(), 2, "of the license, and of all\n{said}");
    let said = crate::says::ran(&trip, &format!("{verify} --reason"));
    assert_eq!((said.exit, said.stdout.as_str()), (0, "valid\n"));
    has(&said.both, &[warning]);
    has(&says(&trip, "install device.license --trust acme.pub", 0), &[warning, "installed license"]);
    let said = says(&trip, "status", 0);
    has(
        &said,
        &[
            "pbx: in grace: this license has expired",
            "  sessions 10       licensed, in grace, through Fri 2 Apr 2027 (UTC), 12 hours left",
            warning,
        ],
    );
    has(&says(&trip, "status --json", 0), &["\"verdict\": \"grace\"", "\"activated\": true"]);
    trip.now = "2027-04-03T00:00:00Z".parse().unwrap();
    has(&says(&trip, "verify", 1), &["error: this license has expired\n", "[expired]"]);
}

#[test]
fn every_view_shows_every_field() {
    let mut license =
        License { model: Some("IP800".into()), not_transferable: true, unmetered: true, ..changing() };
    license.ledger = charged("", 41).ledger;
    let file = text(&license);
    has(
        &file,
        &[
            "Model:     IP800\n",
            "Features:  sessions 100, voicemail until 2027-01-01T00:00:00Z\n",
            "Then:      sessions 50, video until 2027-02-01T00:00:00Z\n",
            "Then:      nothing until 2027-03-01T00:00:00Z\n",
            "Then:      sessions 10 until 2027-04-01T00:00:00Z\n",
            "Ends:      2027-04-01T00:00:00Z\n",
            "Grace:     works until 2027-04-03T00:00:00Z\n",
            "Transfer:  not to another unit\n",
            "Unmetered: ",
        ],
    );
    let mut trip = trip("periods-views", &[("device.license", &license)]);
    trip.now = "2027-01-15T00:00:00Z".parse().unwrap();
    let shown = [
        "  model      IP800\n",
        "  then       sessions 50, video through 31 Jan 2027 (UTC)\n",
        "  then       nothing through 28 Feb 2027 (UTC)\n",
        "  ends       through 31 Mar 2027 (UTC), 76 days left\n",
        "  grace      works through 2 Apr 2027 (UTC)\n",
        "  transfer   not to another unit\n",
        "  ledger     07070707070707070707070707070707, issued after entry 41\n",
        "  unmetered  issued from a grant, not charged to any order in a ledger\n",
    ];
    let exact = [
        "\"grace_days\": 2",
        "\"transferable\": false",
        "\"unmetered\": true",
        "\"model\": \"IP800\"",
        "\"entry\": 41",
        "\"until\": \"2027-03-01T00:00:00Z\"",
        "\"ends\": \"2027-04-01T00:00:00Z\"",
    ];
    for line in [
        "inspect device.license",
        "verify device.license --trust acme.pub",
        "install device.license --trust acme.pub",
        "status",
        "verify",
    ] {
        has(&says(&trip, line, 0), &shown);
        has(&says(&trip, &format!("{line} --json"), 0), &exact);
    }
    has(
        &says(&trip, "status", 0),
        &[
            "licensed, works through 31 Mar 2027 (UTC)",
            "  sessions 50       licensed through 31 Jan 2027 (UTC), 17 days left\n",
            "  voicemail         not licensed: ended on 2027-01-01T00:00:00Z    [expired]\n",
        ],
    );
}

#[test]
fn a_request_carries_the_model_and_every_view_shows_it() {
    let trip = trip("periods-model", &[]);
    let line = "request --product pbx --model IP800 --out host.request";
    has(&says(&trip, line, 0), &["  model      IP800\n"]);
    let file = std::fs::read_to_string(trip.folder.join("host.request")).unwrap();
    has(&file, &["Model:      IP800\n"]);
    has(&says(&trip, "inspect host.request", 0), &["  model      IP800\n"]);
    has(&says(&trip, "inspect host.request --json", 0), &["\"model\": \"IP800\""]);
    has(&says(&trip, "request --product pbx --model IP800 --explain", 0), &["  model           IP800\n"]);
    let said = trip.airlatch(&["request", "--product", "pbx", "--model", ""], Vec::new());
    assert_eq!(said.exit, 2, "{}", said.both);
    has(&said.both, &["the text is empty", "--model", "[bad-field]"]);
}
