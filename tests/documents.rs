//! Sealed documents: nothing changed, cut, relabelled or signed by somebody else passes, and what is written is read back.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic, missing_docs, unreachable_pub)]

mod rules_room;

use airlatch::crypto::{self, Sealed};
use airlatch::format;
use airlatch::host::Wish;
use airlatch::model::{
    ComponentKind, DocumentId, FeatureName, Features, Fingerprint, Kind, LedgerMark, License, Lock,
    LockingId, MAX_GRACE_DAYS, Mac, OrderCode, Period, Quantity, Reason, Request, Result, SiteSerial,
    SystemId, Term, Time, Tolerance,
};
use proptest::prelude::*;
use rules_room::{
    full_host, host_with, key, mac, request, seal_license, seal_request, sealed_request, through_armor, time,
    trusted, verified, wish,
};

fn now() -> Time {
    time("2026-11-21T12:00:00Z")
}

fn small_license() -> License {
    License {
        issued: now().start_of_day(),
        product: "pbx".into(),
        version: None,
        number: None,
        customer: Some("ab".into()),
        order: Some("c".into()),
        unmetered: true,
        model: None,
        after: Vec::new(),
        grace_days: 0,
        not_transferable: false,
        ledger: None,
        request: None,
        term: Term { from: now(), until: None },
        features: Features::default(),
        lock: Lock::Mac(mac("0004f1144bd4")),
        unknown: Vec::new(),
    }
}

fn small_request() -> Sealed {
    sealed_request(wish(), &host_with([(ComponentKind::Os, "first")]), [7; 16], now())
}

/// One small document of each kind that is read, and the way in which it is read.
type Reader = fn(&Sealed) -> Result<()>;

fn documents() -> [(Sealed, Reader); 3] {
    let certificate = crypto::seal(Kind::KeyCertificate, b"key = 'AAAA'\n", &key(1));
    [
        (seal_license(&small_license()), |sealed| format::read_license(sealed, &trusted()).map(drop)),
        (small_request(), |sealed| format::read_request(sealed).map(drop)),
        (certificate, |sealed| crypto::check(sealed, Kind::KeyCertificate, &trusted()).map(drop)),
    ]
}

/// Armors the bytes as a document of this kind, opens that file and reads it.
fn tried(kind: Kind, bytes: &[u8], read: Reader) -> Result<()> {
    through_armor(kind, bytes).and_then(|sealed| read(&sealed))
}

#[test]
fn no_bit_of_a_document_may_change() {
    for (sealed, read) in documents() {
        assert_eq!(tried(sealed.kind(), sealed.bytes(), read), Ok(()));
        for at in 0..sealed.bytes().len() * 8 {
            let mut bytes = sealed.bytes().to_vec();
            bytes[at / 8] ^= 1 << (at % 8);
            let changed = Sealed::from_parts(sealed.kind(), bytes.clone()).unwrap();
            assert_eq!(read(&changed).unwrap_err().reason(), Reason::BadSignature, "bit {at}");
            // The way through the file is the same for each bit of a byte.
            if at % 8 == at / 8 % 8 {
                let trouble = tried(sealed.kind(), &bytes, read).unwrap_err();
                assert_eq!(trouble.reason(), Reason::BadSignature, "bit {at}");
            }
        }
    }
}

#[test]
fn no_byte_of_a_document_may_be_missing_or_added() {
    for (sealed, read) in documents() {
        let (kind, bytes) = (sealed.kind(), sealed.bytes());
        for length in 0..bytes.len() {
            let trouble = tried(kind, &bytes[..length], read).unwrap_err();
            let wanted = if length < 96 { Reason::Truncated } else { Reason::BadSignature };
            assert_eq!(trouble.reason(), wanted, "{length} bytes of a {}: {trouble}", kind.word());
            let end = &bytes[bytes.len() - length..];
            assert!(tried(kind, end, read).is_err(), "the last {length} bytes of a {}", kind.word());
        }
        for extra in [0, 10, 0xff] {
            for at in [0, 1, bytes.len() - 97, bytes.len() - 96, bytes.len() - 64, bytes.len()] {
                let mut longer = bytes.to_vec();
                longer.insert(at, extra);
                assert_eq!(tried(kind, &longer, read).unwrap_err().reason(), Reason::BadSignature, "{at}");
            }
        }
        let twice = [bytes, bytes].concat();
        assert_eq!(tried(kind, &twice, read).unwrap_err().reason(), Reason::BadSignature);
    }
}

#[test]
fn no_kind_passes_as_another_under_another_label() {
    for made in Kind::ALL {
        let sealed = crypto::seal(made, b"product = 'pbx'\n", &key(1));
        for label in Kind::ALL.into_iter().filter(|label| *label != made) {
            let opened = through_armor(label, sealed.bytes()).unwrap();
            let trouble = match label {
                Kind::License => format::read_license(&opened, &trusted()).unwrap_err(),
                Kind::Request => format::read_request(&opened).unwrap_err(),
                _ => crypto::check(&opened, label, &trusted()).unwrap_err(),
            };
            assert_eq!(trouble.reason(), Reason::WrongKind, "{} as {}", made.word(), label.word());
            let honest = through_armor(made, sealed.bytes()).unwrap();
            assert_eq!(crypto::check(&honest, label, &trusted()).unwrap_err().reason(), Reason::WrongKind);
        }
    }
}

/// The sealed bytes of `sealed` with another key or signature in them.
fn with_parts(sealed: &Sealed, signer: &[u8], signature: &[u8]) -> Sealed {
    let payload = sealed.unverified_payload();
    Sealed::from_parts(sealed.kind(), [payload, signer, signature].concat()).unwrap()
}

#[test]
fn a_key_in_the_file_is_a_name_and_no_trust() {
    let genuine = seal_license(&small_license());
    let payload = format::write_license(&small_license()).unwrap();
    let forged = crypto::seal(Kind::License, &payload, &key(3));
    let signature = |sealed: &Sealed| sealed.bytes()[sealed.bytes().len() - 64..].to_vec();
    let (vendor, attacker) = (*genuine.named_signer(), *forged.named_signer());
    for (sealed, wanted) in [
        (forged.clone(), Reason::UntrustedKey),
        (with_parts(&genuine, &vendor, &signature(&forged)), Reason::BadSignature),
        (with_parts(&genuine, &attacker, &signature(&genuine)), Reason::BadSignature),
        (with_parts(&genuine, &[0; 32], &[0; 64]), Reason::BadSignature),
        (with_parts(&genuine, &[1; 32], &signature(&genuine)), Reason::BadSignature),
    ] {
        let trouble = format::read_license(&sealed, &trusted()).unwrap_err();
        assert_eq!(trouble.reason(), wanted, "{trouble}");
    }
    let trouble = format::read_license(&forged, &trusted()).unwrap_err();
    assert!(trouble.what().contains(&key(3).public().key_id().to_string()), "{trouble}");
}

#[test]
fn a_host_can_not_ask_in_the_name_of_another() {
    let asked = request(wish(), &full_host(), now());
    let trouble = format::read_request(&seal_request(asked.get(), 3)).unwrap_err();
    assert_eq!(trouble.reason(), Reason::ForeignRequest);
    let ids = [2, 3].map(|seed| key(seed).public().system_id());
    assert_eq!(trouble.details(), [format!("names    {}", ids[0]), format!("signed   {}", ids[1])]);
}

#[test]
fn fields_do_not_run_into_each_other() {
    let write = |customer: &str, order: Option<&str>| {
        let (customer, order) = (Some(customer.to_owned()), order.map(str::to_owned));
        format::write_license(&License { customer, order, ..small_license() }).unwrap()
    };
    assert_ne!(write("ab", Some("c")), write("a", Some("bc")));
    for hostile in [
        "x\"\norder = \"y",
        "x'\norder = 'y'",
        "\"\"\"",
        "'''",
        "x\\",
        "[lock]",
        "a\r\nb",
        "\u{0}\u{7f}\u{85}\u{2028}",
    ] {
        let license = License { customer: Some(hostile.into()), order: None, ..small_license() };
        assert_eq!(verified(&license).get(), &license, "{hostile:?}");
    }
}

/// Fields of a newer version survive, unless they are named as ones that must be understood.
#[test]
fn what_is_unknown_is_kept_and_what_is_critical_is_refused() {
    let read = |head: &str, tail: &str| {
        let payload = format::write_license(&small_license()).unwrap();
        let text = format!("{head}{}{tail}", String::from_utf8(payload).unwrap());
        let sealed = crypto::seal(Kind::License, text.as_bytes(), &key(1));
        format::read_license(&sealed, &trusted()).map(|license| license.get().unknown.clone())
    };
    let pairs =
        |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).into(), (*b).into())).collect::<Vec<_>>();
    assert_eq!(
        read("colour = 'red'\n", "floor = 3\n"),
        Ok(pairs(&[("lock.floor", "3"), ("colour", "\"red\"")]))
    );
    assert_eq!(read("critical = ['colour']\n", ""), Ok(vec![]));
    for critical in ["colour", "lock.floor"] {
        let head = format!("colour = 'red'\ncritical = ['product', '{critical}']\n");
        let trouble = read(&head, "floor = 3\n").unwrap_err();
        assert_eq!(trouble.reason(), Reason::UnknownCritical);
        assert!(trouble.what().contains(critical), "{trouble}");
    }
}

#[test]
fn the_longest_texts_pass_and_longer_ones_do_not() {
    let license = |length: usize| License { customer: Some("é".repeat(length)), ..small_license() };
    assert_eq!(verified(&license(512)).get(), &license(512));
    let trouble = format::read_license(&seal_license(&license(513)), &trusted()).unwrap_err();
    assert_eq!((trouble.reason(), trouble.place()), (Reason::BadField, Some("field `customer`")));
    let noted = |length| Wish { note: Some("n".repeat(length)), ..wish() };
    let read = |length| format::read_request(&sealed_request(noted(length), &full_host(), [7; 16], now()));
    assert_eq!(read(4096).unwrap().get().note.as_ref().unwrap().len(), 4096);
    assert_eq!(read(4097).unwrap_err().place(), Some("field `note`"));
}

fn text() -> impl Strategy<Value = String> {
    let c = prop_oneof![
        any::<char>(),
        prop::sample::select("\"'\\\r\n\t\u{0}\u{1b}[]#={}é🙂\u{202e}".chars().collect::<Vec<_>>())
    ];
    prop::collection::vec(c, 1..40).prop_map(|chars| chars.into_iter().collect())
}

fn maybe_text() -> impl Strategy<Value = Option<String>> {
    prop::option::of(text())
}

fn times() -> impl Strategy<Value = Time> {
    (0..253_402_300_799i64).prop_map(Time::from_seconds)
}

fn terms() -> impl Strategy<Value = Term> {
    (times(), prop::option::of(times())).prop_map(|(one, other)| match other {
        Some(other) if other != one => Term { from: one.min(other), until: Some(one.max(other)) },
        _ => Term { from: one, until: None },
    })
}

/// A term, and periods after it whose ends climb; the last one allows something.
fn spans() -> impl Strategy<Value = (Term, Vec<Period>)> {
    let steps = prop::collection::vec((1..9_000_000i64, features()), 0..=Period::MAX);
    (terms(), steps, any::<bool>()).prop_map(|(term, mut steps, is_permanent)| {
        while steps.last().is_some_and(|(_, features)| features.is_empty()) {
            steps.pop();
        }
        let Some(mut end) = term.until.filter(|end| end.plus(300_000_000).travels().is_ok()) else {
            return (term, Vec::new());
        };
        let period = |(seconds, features)| {
            end = end.plus(seconds);
            Period { until: Some(end), features }
        };
        let mut after: Vec<Period> = steps.into_iter().map(period).collect();
        if let Some(last) = after.last_mut().filter(|_| is_permanent) {
            last.until = None;
        }
        (term, after)
    })
}

fn marks() -> impl Strategy<Value = LedgerMark> {
    (any::<[u8; 16]>(), 0..=9_007_199_254_740_991u64, any::<[u8; 32]>())
        .prop_map(|(ledger, number, hash)| LedgerMark { ledger, number, hash })
}

fn features() -> impl Strategy<Value = Features> {
    let quantity = prop_oneof![
        Just(Quantity::On),
        (1..=9_007_199_254_740_991u64).prop_map(Quantity::Count),
        Just(Quantity::Count(1)),
        Just(Quantity::Count(9_007_199_254_740_991)),
    ];
    prop::collection::btree_map("[A-Za-z0-9._+#@-]{1,64}", quantity, 0..8).prop_map(|map| {
        let mut features = Features::default();
        for (name, quantity) in map {
            features.add(name.parse::<FeatureName>().unwrap(), quantity).unwrap();
        }
        features
    })
}

fn product() -> impl Strategy<Value = String> {
    "[a-z0-9][a-z0-9._-]{0,63}"
}

fn fingerprints() -> impl Strategy<Value = Fingerprint> {
    let hashes = prop::collection::vec(any::<[u8; 16]>(), 1..4).prop_map(|mut hashes| {
        hashes.sort_unstable();
        hashes
    });
    let kinds = prop::sample::select(ComponentKind::ALL.to_vec());
    (any::<[u8; 16]>(), prop::collection::btree_map(kinds, hashes, 0..=5)).prop_map(|(salt, mut hashes)| {
        hashes.iter_mut().for_each(|(kind, hashes)| hashes.truncate(kind.most()));
        Fingerprint { salt, hashes }
    })
}

/// Each component is required, optional or neither.
fn tolerances() -> impl Strategy<Value = Tolerance> {
    (any::<[u8; 5]>(), any::<prop::sample::Index>()).prop_filter_map(
        "nothing has to match",
        |(places, minimum)| {
            let of = |place| {
                ComponentKind::ALL.into_iter().filter(move |kind| places[*kind as usize] % 3 == place)
            };
            let minimum = minimum.index(of(1).count() + 1);
            Tolerance::new(of(0), of(1), minimum).ok()
        },
    )
}

fn digests<T: std::fmt::Debug>(make: fn(&[u8; 32]) -> T) -> impl Strategy<Value = T> {
    any::<[u8; 32]>().prop_map(move |digest| make(&digest))
}

fn locking_ids() -> impl Strategy<Value = LockingId> {
    prop::array::uniform5(prop_oneof![Just(0), 0..1u32 << 20]).prop_map(LockingId::from_groups)
}

fn locks() -> impl Strategy<Value = Lock> {
    let locks = prop_oneof![
        (digests(SystemId::from_digest), locking_ids(), fingerprints(), tolerances()).prop_map(
            |(system_id, locking_id, fingerprint, tolerance)| Lock::Fingerprint {
                system_id,
                locking_id,
                fingerprint,
                tolerance
            }
        ),
        (locking_ids(), tolerances())
            .prop_map(|(locking_id, tolerance)| Lock::LockingId { locking_id, tolerance }),
        digests(SystemId::from_digest).prop_map(Lock::SystemId),
        any::<[u8; 6]>().prop_map(|bytes| Lock::Mac(Mac(bytes))),
        digests(SiteSerial::from_digest).prop_map(Lock::Site),
    ];
    locks.prop_filter("no host can match", |lock| match lock {
        Lock::Fingerprint { fingerprint, tolerance, .. } => {
            tolerance.is_met_by(&fingerprint.hashes.keys().copied().collect())
        }
        Lock::LockingId { locking_id, tolerance } => tolerance.is_met_by(&locking_id.components().collect()),
        _ => true,
    })
}

fn licenses() -> impl Strategy<Value = License> {
    let names = (maybe_text(), maybe_text(), maybe_text(), maybe_text());
    let request = prop::option::of(digests(DocumentId::from_digest));
    let flags = (any::<bool>(), any::<bool>());
    let extras = (maybe_text(), prop_oneof![Just(0), 1..=MAX_GRACE_DAYS], prop::option::of(marks()));
    let time = (times(), spans());
    (time, product(), names, flags, request, extras, features(), locks()).prop_map(
        |((issued, (term, after)), product, names, flags, request, extras, features, lock)| {
            let (version, number, customer, order) = names;
            let (unmetered, not_transferable) = flags;
            let (model, grace_days, ledger) = extras;
            License {
                issued,
                product,
                version,
                number,
                customer,
                order,
                unmetered,
                request,
                model,
                term,
                features,
                after,
                grace_days,
                not_transferable,
                ledger,
                lock,
                unknown: Vec::new(),
            }
        },
    )
}

fn requests() -> impl Strategy<Value = Request> {
    let names = (text(), product(), maybe_text(), maybe_text(), maybe_text(), text());
    let codes = prop::collection::vec(digests(OrderCode::from_digest), 0..4);
    let site = prop::option::of(digests(SiteSerial::from_digest));
    (times(), names, codes, features(), locking_ids(), site, fingerprints()).prop_map(
        |(
            made,
            (tool, product, version, model, note, class),
            codes,
            wanted,
            locking_id,
            site,
            fingerprint,
        )| {
            Request {
                made,
                tool,
                product,
                version,
                model,
                codes,
                wanted,
                note,
                locking_id,
                class,
                site,
                fingerprint,
                system_id: key(2).public().system_id(),
                unknown: Vec::new(),
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn licenses_are_read_as_they_were_written(license in licenses()) {
        let sealed = seal_license(&license);
        let opened = through_armor(Kind::License, sealed.bytes()).unwrap();
        prop_assert_eq!(&opened, &sealed);
        let read = format::read_license(&opened, &trusted()).unwrap();
        prop_assert_eq!(read.get(), &license);
        prop_assert_eq!(format::write_license(read.get()).unwrap(), sealed.unverified_payload());
    }

    #[test]
    fn requests_are_read_as_they_were_written(request in requests()) {
        let sealed = seal_request(&request, 2);
        let opened = through_armor(Kind::Request, sealed.bytes()).unwrap();
        let read = format::read_request(&opened).unwrap();
        prop_assert_eq!(read.get(), &request);
        prop_assert_eq!(format::write_request(read.get()).unwrap(), sealed.unverified_payload());
    }

    /// The payload is UTF-8 with LF at the end of every line, whatever stands in the fields.
    #[test]
    fn payloads_are_plain_lines(license in licenses()) {
        let text = String::from_utf8(format::write_license(&license).unwrap()).unwrap();
        prop_assert!(text.ends_with('\n') && !text.contains('\r'), "{text:?}");
    }
}
