//! The reader of typed codes: never panics, and a code is printed, read again, and of one kind only.
#![no_main]

use airlatch_core::model::{Code, CodeKind};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let any = Code::parse_any(text);
    for kind in CodeKind::ALL {
        match (Code::parse(text, kind), &any) {
            (Ok(code), Ok(same)) => {
                assert_eq!(code, *same);
                assert_eq!(Code::parse(&code.to_string(), kind), Ok(code));
            }
            (Ok(_), Err(error)) => panic!("read as one kind, and not as any: {error}"),
            (Err(_), Ok(code)) => assert_ne!(code.kind().name(), kind.name()),
            (Err(_), Err(_)) => (),
        }
    }
});
