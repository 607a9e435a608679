//! The reader of key files: never panics, and the key it reads is written and read again.
#![no_main]

use airlatch_core::crypto::{KeyFile, read_key};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    match read_key(bytes) {
        Ok(KeyFile::Public(key)) => {
            let Ok(KeyFile::Public(again)) = read_key(key.to_pem().as_bytes()) else { panic!("not read again") };
            assert_eq!(again, key);
        }
        Ok(KeyFile::Private(key)) => {
            let Ok(KeyFile::Private(again)) = read_key(key.to_pem().as_bytes()) else { panic!("not read again") };
            assert_eq!(again.public(), key.public());
        }
        _ => (),
    }
});
