//! Sealed documents: nothing changed, cut, relabelled or signed by somebody else passes, and what is written is read back.

use airlatch_core::crypto::{self, Sealed};
use airlatch_core::format;
use airlatch_core::host::RequestInput;
use airlatch_core::model::{ComponentKind, Features, Kind, License, Lock, Reason, Result, Term, Time};
use proptest::prelude::*;

use crate::common::rules_room::{
    full_host, host_with, key, mac, request, request_input, seal_license, seal_request, sealed_request,
    through_armor, time, trusted, verified,
};
use crate::common::slow;
use crate::documents_room::{licenses, requests};

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
        drift_days: 0,
        allow: airlatch_core::model::AllowedClasses::default(),
        advisory: false,
        memory_days: airlatch_core::model::MEMORY_DAYS,
        not_transferable: false,
        weak_lock: false,
        ledger: None,
        request: None,
        term: Term { from: now(), until: None },
        features: Features::default(),
        lock: Lock::Mac(mac("0004f1144bd4")),
        unknown: Vec::new(),
    }
}

fn small_request() -> Sealed {
    sealed_request(request_input(), &host_with([(ComponentKind::Os, "first")]), [7; 16], now())
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
        // One bit of each byte, and each of the eight in turn; all of them under `just slow`.
        let bits = (0..sealed.bytes().len() * 8).filter(|at| slow::all() || at % 8 == at / 8 % 8);
        for at in bits {
            let mut bytes = sealed.bytes().to_vec();
            bytes[at / 8] ^= 1 << (at % 8);
            let changed = Sealed::from_parts(sealed.kind(), bytes.clone()).unwrap();
            assert_eq!(read(&changed).unwrap_err().reason(), Reason::BadSignature, "bit {at}");
            // The way through the file is the same for each bit of a byte.
            if at % 8 == at / 8 % 8 {
                let error = tried(sealed.kind(), &bytes, read).unwrap_err();
                assert_eq!(error.reason(), Reason::BadSignature, "bit {at}");
            }
        }
    }
}

#[test]
fn no_byte_of_a_document_may_be_missing_or_added() {
    for (sealed, read) in documents() {
        let (kind, bytes) = (sealed.kind(), sealed.bytes());
        for length in 0..bytes.len() {
            let error = tried(kind, &bytes[..length], read).unwrap_err();
            let wanted = if length < 96 { Reason::Truncated } else { Reason::BadSignature };
            assert_eq!(error.reason(), wanted, "{length} bytes of a {}: {error}", kind.word());
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
            let error = match label {
                Kind::License => format::read_license(&opened, &trusted()).unwrap_err(),
                Kind::Request => format::read_request(&opened).unwrap_err(),
                _ => crypto::check(&opened, label, &trusted()).unwrap_err(),
            };
            assert_eq!(error.reason(), Reason::WrongKind, "{} as {}", made.word(), label.word());
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
        let error = format::read_license(&sealed, &trusted()).unwrap_err();
        assert_eq!(error.reason(), wanted, "{error}");
    }
    let error = format::read_license(&forged, &trusted()).unwrap_err();
    assert!(error.message().contains(&key(3).public().key_id().to_string()), "{error}");
}

#[test]
fn a_host_can_not_ask_in_the_name_of_another() {
    let asked = request(request_input(), &full_host(), now());
    let error = format::read_request(&seal_request(asked.get(), 3)).unwrap_err();
    assert_eq!(error.reason(), Reason::ForeignRequest);
    let ids = [2, 3].map(|seed| key(seed).public().system_id());
    assert_eq!(error.details(), [format!("names    {}", ids[0]), format!("signed   {}", ids[1])]);
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
        let error = read(&head, "floor = 3\n").unwrap_err();
        assert_eq!(error.reason(), Reason::UnknownCritical);
        assert!(error.message().contains(critical), "{error}");
    }
}

#[test]
fn the_longest_texts_pass_and_longer_ones_do_not() {
    let license = |length: usize| License { customer: Some("é".repeat(length)), ..small_license() };
    assert_eq!(verified(&license(512)).get(), &license(512));
    let error = format::read_license(&seal_license(&license(513)), &trusted()).unwrap_err();
    assert_eq!((error.reason(), error.place()), (Reason::BadField, Some("field `customer`")));
    let noted = |length| RequestInput { note: Some("n".repeat(length)), ..request_input() };
    let read = |length| format::read_request(&sealed_request(noted(length), &full_host(), [7; 16], now()));
    assert_eq!(read(4096).unwrap().get().note.as_ref().unwrap().len(), 4096);
    assert_eq!(read(4097).unwrap_err().place(), Some("field `note`"));
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
