//! The reader of catalogs: never panics, every fault is in the text, and what is sold is found by its name.
#![no_main]

use airlatch_desk::catalog::read_catalog;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let lines = bytes.split(|byte| *byte == b'\n').count();
    let catalog = match read_catalog(bytes) {
        Ok(catalog) => catalog,
        Err(errors) => {
            assert!(!errors.is_empty());
            for error in errors {
                let place = error.place().unwrap_or_default().strip_prefix("line ").unwrap_or("1");
                let line: usize = place.split(',').next().unwrap_or_default().parse().unwrap();
                assert!((1..=lines).contains(&line), "{error}");
            }
            return;
        }
    };
    for product in &catalog.products {
        for article in product.features.iter().flat_map(|rule| rule.articles()) {
            assert_eq!(product.article(&article.to_string().parse().unwrap()), Ok(article));
        }
    }
});
