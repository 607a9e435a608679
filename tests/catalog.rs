//! The vendor's catalog as a file: the samples read, and every fault is told with line, field and words.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use airlatch::format::{limits, read_catalog};
use airlatch::model::{Catalog, FeatureKind, Limit, LockKind, Reason, Trouble};

/// A product without a fault, seven lines; what is tried stands behind it.
const PBX: &str = "\
[[product]]
id = 'pbx'
lock = ['fingerprint', 'mac']
[[product.model]]
id = 'IP800'
[[product.model]]
id = 'IP24'
";

fn read(text: &str) -> Result<Catalog, Vec<Trouble>> {
    read_catalog(text.as_bytes())
}

/// The faults of a text, each as `line: [field] what`.
fn faults(text: &str) -> Vec<String> {
    let shown = |trouble: &Trouble| {
        let place = trouble.place().unwrap_or("nowhere");
        let line = place.strip_prefix("line ").and_then(|rest| rest.split(',').next()).unwrap_or("-");
        let field = place.split('`').nth(1).unwrap_or("-");
        assert_eq!(trouble.reason() == Reason::WeakLock, trouble.what().contains("match"), "{trouble}");
        assert!([Reason::BadCatalog, Reason::WeakLock].contains(&trouble.reason()), "{trouble}");
        format!("{line}: [{field}] {}", trouble.what())
    };
    read(text).err().unwrap_or_default().iter().map(shown).collect()
}

/// Exactly these faults are in the text, each beginning with the line and field and holding the words.
#[track_caller]
fn assert_faults(text: &str, wanted: &[(&str, &str)]) {
    let found = faults(text);
    assert_eq!(found.len(), wanted.len(), "{text}\n{found:#?}");
    for (found, (place, words)) in found.iter().zip(wanted) {
        assert!(found.starts_with(&format!("{place} ")) && found.contains(words), "{text}\n{found}");
    }
}

#[test]
fn zz() {
    for t in ["x=1", "[product]\nid='a'", "[[product]]\nid='PBX'\nlok=['macc']\n[product.fingerprint]\nminimum=9\ngrace-days=3\n[product.feature]\nx='swich'\ny={kind='level',base=[0,3],upgrade=['3@4','5@3','9@8']}\n'a b'='count'\nz=1"] { println!("{:#?}", faults(t)); }
    println!("{:?}", read(&format!("{PBX}feature=1")));
}
