//! The readers of payloads, behind a good signature: never panic, and what they read is written and read again.
#![no_main]

use airlatch_core::crypto::{PrivateKey, TrustedSet, seal};
use airlatch_core::format::{read_license, read_request, write_license, write_request};
use airlatch_core::model::{Kind, License, Request};
use zeroize::Zeroizing;

libfuzzer_sys::fuzz_target!(|payload: &[u8]| {
    let key = PrivateKey::from_seed(&Zeroizing::new([1; 32])).unwrap();
    let trusted = TrustedSet::new([key.public()]);
    if let Ok(license) = read_license(&seal(Kind::License, payload, &key), &trusted) {
        let known = License { unknown: Vec::new(), ..license.get().clone() };
        let again = seal(Kind::License, &write_license(&known).unwrap(), &key);
        assert_eq!(read_license(&again, &trusted).unwrap().get(), &known);
    }
    if let Ok(request) = read_request(&seal(Kind::Request, payload, &key)) {
        let known = Request { unknown: Vec::new(), ..request.get().clone() };
        let again = seal(Kind::Request, &write_request(&known).unwrap(), &key);
        assert_eq!(read_request(&again).unwrap().get(), &known);
    }
});
