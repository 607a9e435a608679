//! A request with every field set shows each value to the person who sends it, and to the desk.

use airlatch_core::format;
use airlatch_core::host::explain;
use airlatch_core::model::{
    ClockResetRequest, DocumentId, Features, Kind, OrderCode, Quantity, Request, SiteSerial,
};

use crate::common::rules_room::{full_host, request_input, seal_request, time};
use crate::common::trip::Trip;

/// Every field set. A new field does not compile until it has a value here.
fn every_field() -> Request {
    let host = full_host();
    let now = time("2026-11-21T11:00:00Z");
    let drafted = airlatch_core::host::draft(request_input(), &host, [7; 16], now).unwrap();
    let mut wanted = Features::default();
    wanted.add("sessions".parse().unwrap(), Quantity::Count(64)).unwrap();
    Request {
        made: now,
        tool: "airlatch 7.8.9".into(),
        product: "pbx".into(),
        version: Some("3.6".into()),
        model: Some("IP800".into()),
        codes: vec![OrderCode::from_digest(&[1; 32])],
        wanted,
        note: Some("for the north wing".into()),
        system_id: drafted.system_id,
        locking_id: drafted.locking_id,
        class: "bare-metal".into(),
        site: Some(SiteSerial::from_digest(&[2; 32])),
        fingerprint: drafted.fingerprint,
        replaces: Some(DocumentId::from_digest(&[3; 32])),
        clock: Some(ClockResetRequest { nonce: [4; 16], latest_time: time("2031-05-06T07:08:00Z") }),
        unknown: Vec::new(),
    }
}

/// Each field with what has to be shown of it, as stored and as people read it.
fn shown(request: &Request) -> Vec<(&'static str, Vec<String>)> {
    // A field that is missing here does not compile.
    let Request {
        made: _,
        tool,
        product,
        version,
        model,
        codes,
        wanted,
        note,
        system_id,
        locking_id,
        class,
        site,
        fingerprint,
        replaces,
        clock: _,
        unknown: _,
    } = request;
    let one = |text: &dyn ToString| vec![text.to_string()];
    vec![
        ("made", vec!["2026-11-21T11:00".into(), "21 Nov 2026 11:00".into()]),
        ("tool", one(tool)),
        ("product", one(product)),
        ("version", one(version.as_ref().unwrap())),
        ("model", one(model.as_ref().unwrap())),
        ("codes", one(&codes[0])),
        ("wanted", vec![wanted.to_string()]),
        ("note", one(note.as_ref().unwrap())),
        ("system-id", one(system_id)),
        ("locking-id", one(locking_id)),
        ("class", one(class)),
        ("site", one(site.as_ref().unwrap())),
        ("fingerprint", vec![fingerprint.hashes.keys().next().unwrap().word().into()]),
        ("replaces", one(replaces.as_ref().unwrap())),
        ("clock", vec!["2031-05-06T07:08".into(), "6 May 2031 07:08".into()]),
    ]
}

/// Fails if `printed` does not show a field, apart from those in `but`.
#[track_caller]
fn shows(printed: &str, request: &Request, but: &[&str]) {
    for (field, words) in shown(request) {
        let is_shown = words.iter().any(|word| printed.contains(word.as_str()));
        assert_eq!(is_shown, !but.contains(&field), "{field} in\n{printed}");
    }
}

/// The request as a file in the folder of a trip.
fn written(name: &str, request: &Request) -> Trip {
    let trip = Trip::new(name);
    let sealed = seal_request(request, 2);
    let text = format::armor(Kind::Request, sealed.bytes(), &["a request".into()]);
    std::fs::write(trip.folder.join("host.request"), text).unwrap();
    trip
}

#[test]
fn the_explanation_shows_every_field_that_leaves_the_site() {
    let request = every_field();
    shows(&explain(&request, &full_host()).join("\n"), &request, &[]);
}

#[test]
fn inspect_shows_every_field() {
    let request = every_field();
    let trip = written("request-inspect", &request);
    let ran = trip.airlatch(&["inspect", "host.request"], Vec::new());
    assert_eq!(ran.exit, 0, "{}", ran.both);
    shows(&ran.both, &request, &[]);
}

/// What the license repeats, and what the desk has to know to decide. When and by which program it was made, the class of
/// host (checked) and the site (used only for a license of the site) are for `inspect`.
#[test]
fn issue_shows_every_field_that_matters_before_it_asks() {
    let request = Request { clock: None, ..every_field() };
    let trip = written("request-issue", &request);
    let grant = "product = 'pbx'\nversion = '3.6'\npermanent = true\nfeatures.sessions = 100\n";
    std::fs::write(trip.folder.join("grant.toml"), grant).unwrap();
    let made = trip.airlatch(&["keygen", "--out", "acme", "--no-passphrase"], Vec::new());
    assert_eq!(made.exit, 0, "{}", made.both);
    let line = "issue host.request --key acme.key --grant grant.toml --dry-run";
    let ran = trip.airlatch(&line.split(' ').collect::<Vec<_>>(), Vec::new());
    assert_eq!(ran.exit, 0, "{}", ran.both);
    shows(&ran.both, &request, &["made", "tool", "class", "site", "clock"]);
}
