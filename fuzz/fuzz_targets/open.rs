//! The reader of armored documents: never panics, and what it reads can be written and read again.
#![no_main]

use airlatch_core::format::{armor, open};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(opened) = open(bytes) {
        for block in opened.blocks {
            let again = open(armor(block.kind, &block.sealed, &[]).as_bytes()).expect("what was written is read");
            assert!(again.blocks == [block] && again.repairs.is_empty());
        }
    }
});
