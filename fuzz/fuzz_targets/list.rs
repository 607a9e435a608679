//! The reader of lists: never panics, every line it names exists, and what it reads stands in that line.
#![no_main]

use std::collections::HashSet;

use airlatch_desk::lists::read_list;
use airlatch_desk::catalog::MacRule;
use airlatch_core::model::Reason;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // UTF-16 has half as many.
    let lines = 1 + bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
    match read_list(bytes, &MacRule::default()) {
        Ok(list) => {
            let mut seen = HashSet::new();
            assert!(!list.rows.is_empty());
            assert!(list.rows.is_sorted_by(|one, next| one.line < next.line));
            for row in list.rows {
                assert!(row.line <= lines && seen.insert(row.mac) && !row.number.is_empty());
            }
        }
        Err(errors) => {
            assert!(!errors.is_empty());
            for error in errors {
                let place = error.place().unwrap_or("line 1");
                let line = place.split(|c: char| !c.is_ascii_digit()).find_map(|number| number.parse().ok());
                assert!(line.is_some_and(|line: usize| (1..=lines).contains(&line)), "{error}");
                assert_ne!(error.reason(), Reason::Internal);
            }
        }
    }
});
