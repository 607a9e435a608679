//! The reader of MAC addresses: never panics, names a column that is there, and reads again what it prints.
#![no_main]

use airlatch_core::model::{Mac, Spelling};
use airlatch_desk::catalog::MacRule;

libfuzzer_sys::fuzz_target!(|text: &str| {
    match Mac::parse_with_column(text) {
        Ok(mac) => {
            assert_eq!(mac.to_string().parse(), Ok(mac));
            assert_eq!(mac.bare().parse(), Ok(mac));
            let rule = MacRule { spelling: Some(Spelling::detect(text)), allow_local: true, ..MacRule::default() };
            assert_eq!(rule.read(text).is_ok(), mac.unicast().is_ok());
        }
        Err((column, _)) => assert!((1..=text.chars().count() + 1).contains(&column)),
    }
});
