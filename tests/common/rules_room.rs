//! What the tests of rules and formats share: keys, hosts, grants, requests and the way from a license to a verdict.

use airlatch_core::crypto::{self, PrivateKey, Sealed, TrustedSet, Verified};
use airlatch_core::format;
use airlatch_core::host::{self, RequestInput};
use airlatch_core::model::{
    ComponentKind, Components, HostClass, HostFacts, Kind, License, Mac, Request, Result, Salt, Time,
};
use airlatch_core::rules::Question;
use zeroize::Zeroizing;

/// The vendor's key is `key(1)`, the host's `key(2)`, an attacker's `key(3)`.
pub fn key(seed: u8) -> PrivateKey {
    PrivateKey::from_seed(&Zeroizing::new([seed; 32])).unwrap()
}

pub fn trusted() -> TrustedSet {
    TrustedSet::new([key(1).public()])
}

pub fn time(text: &str) -> Time {
    text.parse().unwrap()
}

pub fn mac(text: &str) -> Mac {
    text.parse().unwrap()
}

/// A host of its own key that shows these values.
pub fn host_with<'a>(values: impl IntoIterator<Item = (ComponentKind, &'a str)>) -> HostFacts {
    let mut components = Components::default();
    values.into_iter().for_each(|(kind, value)| components.add(kind, value));
    HostFacts {
        system_id: Some(key(2).public().system_id()),
        site: None,
        class: HostClass::BareMetal,
        components,
        absent: Vec::new(),
        memory: Default::default(),
        stored: None,
    }
}

/// A host with one value of each kind.
pub fn full_host() -> HostFacts {
    host_with(ComponentKind::HARDWARE.map(|kind| (kind, "first")))
}

pub fn request_input() -> RequestInput {
    RequestInput { product: "pbx".into(), ..RequestInput::default() }
}

/// A request of the host with these facts, sealed with the host's key.
pub fn sealed_request(request_input: RequestInput, facts: &HostFacts, salt: Salt, now: Time) -> Sealed {
    seal_request(&host::draft(request_input, facts, salt, now).unwrap(), 2)
}

pub fn seal_request(request: &Request, seed: u8) -> Sealed {
    crypto::seal(Kind::Request, &format::write_request(request).unwrap(), &key(seed))
}

pub fn request(request_input: RequestInput, facts: &HostFacts, now: Time) -> Verified<Request> {
    format::read_request(&sealed_request(request_input, facts, [7; 16], now)).unwrap()
}

pub fn seal_license(license: &License) -> Sealed {
    crypto::seal(Kind::License, &format::write_license(license).unwrap(), &key(1))
}

/// The license as its host sees it: sealed, read and checked.
pub fn verified(license: &License) -> Verified<License> {
    format::read_license(&seal_license(license), &trusted()).unwrap()
}

/// The sealed bytes as a file, and back from that file.
pub fn through_armor(kind: Kind, bytes: &[u8]) -> Result<Sealed> {
    format::open_one(format::armor(kind, bytes, &["a summary".into()]).as_bytes()).map(|(sealed, _)| sealed)
}

pub fn asking(now: Time) -> Question {
    Question { now, supposed: false, product: None, features: Vec::new() }
}

/// A list of ten thousand devices, every spelling, with blank lines and comments among them, and what is in it: line,
/// number and bare MAC.
pub fn ten_thousand() -> (String, Vec<(usize, String, String)>) {
    let (mut text, mut wanted, mut line) = (String::from("number\tMAC\r\n"), Vec::new(), 1);
    for i in 0..10_000u32 {
        if i % 97 == 0 {
            text.push_str("\n# another box\n");
            line += 2;
        }
        line += 1;
        let bare = format!("0004f1{i:06x}");
        let pairs: Vec<_> =
            bare.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap()).collect();
        let spelt = match i % 5 {
            0 => pairs.join(":"),
            1 => pairs.join("-").to_uppercase(),
            2 => format!("{}.{}.{}", &bare[..4], &bare[4..8], &bare[8..]),
            3 => bare.to_uppercase(),
            _ => format!(" {bare}\t"),
        };
        text.push_str(&format!("N{i:05}\t{spelt}{}", if i % 3 == 0 { "\r\n" } else { "\n" }));
        wanted.push((line, format!("N{i:05}"), bare));
    }
    (text, wanted)
}
