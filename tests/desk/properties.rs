//! Properties: any input, random or damaged, is read or refused, without panics and without being mistaken for another one.

use airlatch_core::crypto::{self, KeyFile};
use airlatch_core::format::{self, HostSettings};
use airlatch_core::host;
use airlatch_core::model::{
    Code, CodeKind, Features, HostFacts, Kind, License, Mac, OrderCode, Request, SiteSerial, SystemId, Time,
    Verdict,
};
use airlatch_core::rules;
use airlatch_desk::catalog;
use airlatch_desk::catalog::MacRule;
use airlatch_desk::charge;
use airlatch_desk::charge::Applicant;
use airlatch_desk::desk;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::common::grants::plain_grant;
use crate::common::rules_room::{
    asking, full_host, host_with, key, mac, request, request_input, seal_request, time, trusted, verified,
};
use crate::common::slow;

fn now() -> Time {
    time("2026-11-21T12:00:00Z")
}

/// One random change of bytes.
#[derive(Debug, Clone)]
enum Blow {
    Flip(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
    Repeat(Index, usize),
    Swap(Index, Index),
    Cut(Index),
}

impl Blow {
    fn hit(&self, bytes: &mut Vec<u8>) {
        let length = bytes.len();
        if length == 0 {
            return;
        }
        match self {
            Self::Flip(at, mask) => bytes[at.index(length)] ^= mask,
            Self::Insert(at, more) => {
                let at = at.index(length + 1);
                bytes.splice(at..at, more.iter().copied());
            }
            Self::Remove(at, count) => {
                let at = at.index(length);
                bytes.drain(at..(at + count).min(length));
            }
            Self::Repeat(at, count) => {
                let at = at.index(length);
                let part = bytes[at..(at + count).min(length)].to_vec();
                bytes.splice(at..at, part);
            }
            Self::Swap(one, other) => bytes.swap(one.index(length), other.index(length)),
            Self::Cut(at) => bytes.truncate(at.index(length + 1)),
        }
    }
}

fn blows() -> impl Strategy<Value = Vec<Blow>> {
    let odd = prop::sample::select(vec![
        &b"\""[..],
        b"'",
        b"=",
        b"\n",
        b"\r",
        b"\t",
        b"[",
        b"]",
        b"[[",
        b"{",
        b"\\",
        b"\0",
        b"\xff",
        b"\xef\xbb\xbf",
        b"-----",
        b"9999999999999999999",
        b"-0",
        b"1e3",
        b"true",
        b"\xe2\x80\xae",
        b"\\ud800",
        b"a.b.c",
    ]);
    let blow = prop_oneof![
        (any::<Index>(), 1..=255u8).prop_map(|(at, mask)| Blow::Flip(at, mask)),
        (any::<Index>(), odd.prop_map(<[u8]>::to_vec)).prop_map(|(at, more)| Blow::Insert(at, more)),
        (any::<Index>(), prop::collection::vec(any::<u8>(), 1..8))
            .prop_map(|(at, more)| Blow::Insert(at, more)),
        (any::<Index>(), 1..40usize).prop_map(|(at, count)| Blow::Remove(at, count)),
        (any::<Index>(), 1..80usize).prop_map(|(at, count)| Blow::Repeat(at, count)),
        (any::<Index>(), any::<Index>()).prop_map(|(one, other)| Blow::Swap(one, other)),
        any::<Index>().prop_map(Blow::Cut),
    ];
    prop::collection::vec(blow, 1..5)
}

fn spoil(good: &[u8], blows: &[Blow]) -> Vec<u8> {
    let mut bytes = good.to_vec();
    blows.iter().for_each(|blow| blow.hit(&mut bytes));
    bytes
}

/// Random bytes, or one of these inputs after some random changes.
fn spoilt(good: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        1 => prop::collection::vec(any::<u8>(), 0..300),
        1 => any::<String>().prop_map(String::into_bytes),
        6 => (prop::sample::select(good), blows()).prop_map(|(good, blows)| spoil(&good, &blows)),
    ]
}

fn license_file() -> Vec<u8> {
    let request = request(request_input(), &full_host(), now());
    let wanted = Features::default();
    desk::issue(&plain_grant(""), Applicant::Request(&request), &wanted, None, &key(1), now())
        .unwrap()
        .text()
        .into_bytes()
}

fn grants() -> Vec<Vec<u8>> {
    let full = "product = \"pbx\"\nversion = '3.6'\ncustomer = 'é'\norder = 'PO'\nfrom = 2026-12-01\nuntil = 2027-06-30\n\
        [features]\nsessions = 100\nvoicemail = true\n[lock]\nrequired = ['os']\noptional = ['nic', 'disk']\nminimum = 1\n\
        allow-weak = true\n[mac]\nprefix = ['00:04:f1']\nspelling = 'colons'\nallow-local = false\n";
    vec![full.into(), b"product = 'pbx'\npermanent = true\n[features]\nx = 1\n".to_vec()]
}

/// The payloads of a license and a request.
fn payloads() -> Vec<Vec<u8>> {
    let asked = request(request_input(), &full_host(), now());
    let wanted = Features::default();
    let issued =
        desk::issue(&plain_grant(""), Applicant::Request(&asked), &wanted, None, &key(1), now()).unwrap();
    vec![issued.sealed.unverified_payload().to_vec(), format::write_request(asked.get()).unwrap()]
}

fn settings() -> Vec<Vec<u8>> {
    let full = HostSettings {
        site: Some(SiteSerial::from_digest(&[1; 32])),
        codes: vec![OrderCode::from_digest(&[2; 32]), OrderCode::from_digest(&[3; 32])],
        ..HostSettings::default()
    };
    vec![format::write_settings(&full).unwrap(), Vec::new()]
}

fn keys() -> Vec<Vec<u8>> {
    let passphrase = crypto::Passphrase::new("pass".to_owned()).unwrap();
    vec![
        key(1).public().to_pem().into_bytes(),
        key(1).to_pem().as_bytes().to_vec(),
        key(1).to_encrypted_pem(&passphrase, [1; 16], [2; 16]).unwrap().as_bytes().to_vec(),
    ]
}

/// Control characters, and characters that look like others.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}' | '\u{e0001}'..='\u{e007f}')
}

const DIGITS: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

fn codes() -> impl Strategy<Value = Code> {
    let kinds = prop::sample::select(CodeKind::ALL.to_vec());
    (kinds, prop::array::uniform5(0..1u32 << 20)).prop_map(|(kind, groups)| Code::from_groups(kind, groups))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: slow::or(200, 1000), failure_persistence: None, ..ProptestConfig::default() })]

    /// A verdict is always about the license that was issued, whatever happened to its file.
    #[test]
    fn a_spoilt_license_file_is_refused_or_says_what_it_said(bytes in spoilt(vec![license_file()])) {
        let facts = full_host();
        if let Ok(judged) = host::verify(&bytes, &trusted(), &facts, &asking(now())) {
            let good = host::verify(&license_file(), &trusted(), &facts, &asking(now())).unwrap();
            prop_assert_eq!(judged.license.get(), good.license.get());
            prop_assert_eq!(judged.license.sealed(), good.license.sealed());
            prop_assert_eq!(judged.judgement.verdict, Verdict::Valid);
        }
    }

    /// A payload signed by the vendor is refused or understood; one that is understood can be written and read again.
    #[test]
    fn a_spoilt_payload_under_a_good_signature_is_refused_or_understood(bytes in spoilt(payloads())) {
        if let Ok(license) = format::read_license(&crypto::seal(Kind::License, &bytes, &key(1)), &trusted()) {
            let known = License { unknown: Vec::new(), ..license.get().clone() };
            let again = verified(&known);
            prop_assert_eq!(again.get(), &known);
            let _ = (rules::judge(&license, &full_host(), &asking(now())), format::summary(&known));
        }
        if let Ok(request) = format::read_request(&crypto::seal(Kind::Request, &bytes, &key(2))) {
            let known = Request { unknown: Vec::new(), ..request.get().clone() };
            let again = format::read_request(&seal_request(&known, 2)).unwrap();
            prop_assert_eq!(again.get(), &known);
            let _ = charge::decide(&plain_grant(""), Applicant::Request(&again), &Features::default(), None, now());
        }
    }

    #[test]
    fn a_spoilt_grant_is_refused_or_gives_something(bytes in spoilt(grants())) {
        if let Ok(grant) = catalog::read_grant(&bytes) {
            prop_assert!(!grant.features.is_empty());
            prop_assert!(grant.product.len() <= 64);
            let applicant = Applicant::Mac(mac("0004f1144bd4"));
            if let Ok(issued) = desk::issue(&grant, applicant, &Features::default(), None, &key(1), now()) {
                let read = format::read_license(&issued.sealed, &trusted()).unwrap();
                prop_assert_eq!(read.get(), &issued.license);
            }
        }
    }

    #[test]
    fn spoilt_settings_are_refused_or_written_again(bytes in spoilt(settings())) {
        if let Ok(settings) = format::read_settings(&bytes) {
            let written = format::write_settings(&settings).unwrap();
            prop_assert_eq!(format::read_settings(&written).unwrap(), settings);
        }
    }

    /// A truncated key file is refused.
    #[test]
    fn a_spoilt_key_file_is_refused_or_holds_a_whole_key(bytes in spoilt(keys())) {
        match crypto::read_key(&bytes) {
            Ok(KeyFile::Public(public)) => prop_assert!(bytes_hold(&bytes, &public.to_pem())),
            Ok(KeyFile::Private(private)) => prop_assert!(bytes_hold(&bytes, &private.to_pem())),
            _ => (),
        }
    }

    #[test]
    fn typed_codes_are_read_as_they_are_printed(code in codes()) {
        let text = code.to_string();
        prop_assert_eq!(Code::parse_any(&text), Ok(code));
        prop_assert_eq!(Code::parse(&text.to_lowercase().replace('-', " "), code.kind()), Ok(code));
        prop_assert_eq!(Code::parse(&text.replace('0', "O").replace('1', "l"), code.kind()), Ok(code));
    }

    #[test]
    fn no_text_is_a_code_by_chance_or_does_harm(text in any::<String>(), typed in "[0-9A-Za-z -]{0,40}") {
        for text in [text, typed] {
            if let Ok(code) = Code::parse_any(&text) {
                prop_assert_eq!(Code::parse(&text, code.kind()), Ok(code));
            }
            let _ = text.parse::<SystemId>().map_err(|error| error.to_string());
        }
    }

    #[test]
    fn a_mac_is_read_or_its_column_is_there(
        text in prop_oneof![any::<String>(), "[0-9a-fA-F:.-]{0,24}", "[ \t]{0,2}([0-9a-f]{2}[:-]){4,6}[0-9a-fOl]{1,3} ?"],
    ) {
        match Mac::parse_with_column(&text) {
            Ok(mac) => {
                let digits: String = text.chars().filter(char::is_ascii_hexdigit).collect();
                prop_assert_eq!(mac.bare(), digits.to_lowercase());
                prop_assert_eq!(mac.to_string().parse::<Mac>(), Ok(mac));
            }
            Err((column, what)) => {
                prop_assert!((1..=text.chars().count() + 1).contains(&column), "{} in {:?}", column, text);
                prop_assert!(!what.is_empty() && what.len() < 200);
            }
        }
        let _ = MacRule::default().read(&text);
    }

    /// Any spelling of an address is read as that address.
    #[test]
    fn every_spelling_is_one_address(bytes in any::<[u8; 6]>()) {
        let mac = Mac(bytes);
        let colons = mac.to_string();
        let bare = mac.bare();
        let dots = format!("{}.{}.{}", &bare[..4], &bare[4..8], &bare[8..]);
        for text in [colons.clone(), colons.replace(':', "-"), dots, bare] {
            prop_assert_eq!(text.parse::<Mac>(), Ok(mac));
            prop_assert_eq!(text.to_uppercase().parse::<Mac>(), Ok(mac));
        }
    }

    /// Visible text has no control characters, and plain text is unchanged.
    #[test]
    fn visible_text_has_no_control_characters(chars in prop::collection::vec(any::<char>(), 0..60), plain in "[ -~äöüß日本語]{0,40}") {
        let text: String = chars.into_iter().collect();
        let shown = format::visible(&text);
        prop_assert!(!shown.chars().any(acts), "{:?}", shown);
        prop_assert_eq!(format::visible(&shown), shown.clone());
        prop_assert!(shown.len() <= text.len() * 10);
        prop_assert_eq!(format::visible(&plain), plain);
    }

    /// Every error can be printed and fits on a screen.
    #[test]
    fn troubles_stay_short(bytes in spoilt(grants())) {
        if let Err(error) = catalog::read_grant(&bytes) {
            prop_assert!(error.message().len() < 2000, "{}", error.message().len());
            prop_assert!(!error.message().is_empty() && !format::visible(error.message()).chars().any(acts));
        }
    }

    /// Any set of components gives ids and a verdict.
    #[test]
    fn a_host_may_show_anything(values in prop::collection::vec(any::<String>(), 5)) {
        let facts: HostFacts =
            host_with(airlatch_core::model::ComponentKind::HARDWARE.into_iter().zip(values.iter().map(String::as_str)));
        let asked = request(request_input(), &facts, now());
        prop_assert_eq!(asked.get().locking_id, crypto::locking_id(&facts));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 50, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every single wrong character and every swap of neighbours is detected, with or without dashes.
    #[test]
    fn one_slip_of_the_finger_in_a_code_is_always_found(code in codes()) {
        let typed: Vec<u8> = code.to_string().bytes().filter(|b| *b != b'-').collect();
        let read = |typed: &[u8]| Code::parse(std::str::from_utf8(typed).unwrap(), code.kind());
        for at in 0..typed.len() {
            for digit in DIGITS.bytes().filter(|digit| *digit != typed[at]) {
                let mut slip = typed.clone();
                slip[at] = digit;
                let error = read(&slip).unwrap_err();
                prop_assert!(error.message().starts_with(&format!("group {} ", at / 5 + 1)), "{}", error);
            }
            if at + 1 < typed.len() && typed[at] != typed[at + 1] {
                let mut slip = typed.clone();
                slip.swap(at, at + 1);
                prop_assert!(read(&slip).is_err(), "swap at {}", at);
            }
        }
    }
}

/// The inputs damaged above are valid before; otherwise these tests would show nothing.
#[test]
fn the_undamaged_inputs_are_valid() {
    assert!(grants().iter().all(|bytes| catalog::read_grant(bytes).is_ok()));
    assert!(settings().iter().all(|bytes| format::read_settings(bytes).is_ok()));
    assert!(keys().iter().all(|bytes| crypto::read_key(bytes).is_ok()));
    let [license, request] = &payloads()[..] else { panic!("two payloads") };
    assert!(format::read_license(&crypto::seal(Kind::License, license, &key(1)), &trusted()).is_ok());
    assert!(format::read_request(&crypto::seal(Kind::Request, request, &key(2))).is_ok());
    let judged = host::verify(&license_file(), &trusted(), &full_host(), &asking(now())).unwrap();
    assert_eq!(judged.judgement.verdict, Verdict::Valid);
}

/// All characters, not only a sample.
#[test]
fn control_characters_never_pass() {
    for c in '\0'..=char::MAX {
        let shown = format::visible(&c.to_string());
        assert!(!shown.chars().any(acts), "U+{:04X}", u32::from(c));
        assert!(shown == c.to_string() || shown.is_ascii(), "U+{:04X}", u32::from(c));
    }
}

/// Whether the base64 of a PEM text stands in these bytes.
fn bytes_hold(bytes: &[u8], pem: &str) -> bool {
    let squeeze = |text: &str| text.lines().filter(|line| !line.starts_with('-')).collect::<String>();
    let text: String = String::from_utf8_lossy(bytes).split_whitespace().collect();
    text.contains(&squeeze(pem))
}
