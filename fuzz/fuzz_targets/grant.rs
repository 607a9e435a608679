//! The readers of grants and settings: never panic, and a license of a grant that was read is read again.
#![no_main]

use airlatch_core::crypto::{PrivateKey, TrustedSet};
use airlatch_desk::desk;
use airlatch_desk::catalog::read_grant;
use airlatch_core::format::{read_license, read_settings, write_settings};
use airlatch_core::model::{Features, Mac, Time};
use airlatch_desk::charge::Applicant;
use zeroize::Zeroizing;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(settings) = read_settings(bytes) {
        assert_eq!(read_settings(&write_settings(&settings).unwrap()), Ok(settings));
    }
    let Ok(grant) = read_grant(bytes) else { return };
    let key = PrivateKey::from_seed(&Zeroizing::new([1; 32])).unwrap();
    let (ask, now) = (Applicant::Mac(Mac([0, 4, 0xf1, 0x14, 0x4b, 0xd4])), Time::from_seconds(1_795_262_400));
    if let Ok(issued) = desk::issue(&grant, ask, &Features::default(), None, &key, now) {
        let read = read_license(&issued.sealed, &TrustedSet::new([key.public()])).unwrap();
        assert_eq!(read.get(), &issued.license);
    }
});
