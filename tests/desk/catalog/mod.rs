//! Catalog files: the samples can be read, and every fault is reported with line, field and message.

mod faults;

use airlatch_core::format::limits;
use airlatch_core::model::{Error, Reason};
use airlatch_desk::catalog::read_catalog;
use airlatch_desk::catalog::{Catalog, FeatureKind, Limit, LockKind};
use proptest::prelude::*;

use crate::common::place::repository;

/// The first three lines of a product.
const HEAD: &str = "[[product]]\nid = 'pbx'\nlock = ['fingerprint', 'mac']\n";
/// Its models, four lines.
const MODELS: &str = "[[product.model]]\nid = 'IP800'\n[[product.model]]\nid = 'IP24'\n";

fn read(text: &str) -> Result<Catalog, Vec<Error>> {
    read_catalog(text.as_bytes())
}

/// The faults of a text, each as `line: [field] message`.
fn faults(text: &str) -> Vec<String> {
    let shown = |error: &Error| {
        let place = error.place().unwrap_or("nowhere");
        let line = place.strip_prefix("line ").and_then(|rest| rest.split(',').next()).unwrap_or("-");
        let field = place.split('`').nth(1).unwrap_or("-");
        assert_eq!(error.reason() == Reason::WeakLock, error.message().contains("match"), "{error}");
        assert!([Reason::BadCatalog, Reason::WeakLock].contains(&error.reason()), "{error}");
        format!("{line}: [{field}] {}", error.message())
    };
    read(text).err().unwrap_or_default().iter().map(shown).collect()
}

/// Asserts that the text has exactly these faults, each with this line and field and with these words in its message.
#[track_caller]
fn assert_faults(text: &str, wanted: &[(&str, &str)]) {
    let found = faults(text);
    assert_eq!(found.len(), wanted.len(), "{text}\n{found:#?}");
    for (found, (place, words)) in found.iter().zip(wanted) {
        assert!(found.starts_with(&format!("{place} ")) && found.contains(words), "{text}\n{found}");
    }
}

fn sample(name: &str) -> Catalog {
    let path = format!("{}/samples/catalog-{name}.toml", repository().display());
    read_catalog(&std::fs::read(&path).unwrap()).unwrap_or_else(|errors| panic!("{path}: {errors:#?}"))
}

#[test]
fn the_samples_read_as_their_comments_say() {
    let audium = sample("audium");
    let services = audium.product("call-services").unwrap();
    assert_eq!(services.lock.kinds, [LockKind::Fingerprint, LockKind::SystemId].into());
    assert!(services.lock.rule.tolerance.is_none() && services.transferable);
    assert_eq!(services.versions, ["3.6"]);

    let innovaphone = sample("innovaphone");
    let pbx = innovaphone.product("pbx").unwrap();
    let model = |mac: &str| pbx.model_of(mac.parse().unwrap()).map(|model| model.id.as_str());
    assert_eq!(model("00-90-33-2f-1f-ff"), Some("IP800"));
    assert_eq!(model("00-90-33-2f-0f-ff"), Some("IP6000"));
    assert!(pbx.mac.read("00-90-33-01-02-03").is_ok() && pbx.mac.read("00:90:33:01:02:03").is_err());
    let limit = |feature: &str, model| pbx.feature(&feature.parse().unwrap()).unwrap().limit_on(model);
    assert_eq!(limit("PBX", Some("IP24")), Limit::AtMost(15));
    assert_eq!(limit("PBX", Some("IP6000")), Limit::Any);
    assert_eq!(limit("PRI", Some("IP24")), Limit::Never);
    assert_eq!(limit("registrations", Some("IP24")), Limit::Any);
    assert!(pbx.article(&"PBX#100@30".parse().unwrap()).is_ok());
    assert_eq!(pbx.features.iter().map(|rule| rule.name.as_str()).next_back(), Some("voicemail"));

    let openscape = sample("openscape");
    let business = openscape.product("openscape-business").unwrap();
    assert_eq!((business.activation_days, business.grace_days), (30, 30));
    let evaluation = business.evaluation.as_ref().unwrap();
    assert_eq!((evaluation.days, evaluation.features.iter().count()), (90, 4));
    assert_eq!(business.lock.rule.tolerance.as_ref().unwrap().minimum(), 2);

    let polycom = sample("polycom");
    let phone = polycom.product("phone").unwrap();
    assert!(!phone.transferable && phone.lock.kinds.contains(&LockKind::Site));
    let free = phone.feature(&"corporate-directory".parse().unwrap()).unwrap();
    assert!(free.is_free_on(Some("SPIP650")) && !free.is_free_on(Some("SPIP450")));
}

#[test]
fn features_stay_in_the_order_of_the_file() {
    let text = format!(
        "\u{feff}{HEAD}{MODELS}[product.feature]\nzebra = 'switch'\nape.kind = 'count'\n[product.feature.PBX]\nkind = 'level'\nbase = [15]\n"
    );
    let catalog = read(&text.replace('\n', "\r\n")).unwrap();
    let rules = &catalog.products[0].features;
    let names: Vec<_> = rules.iter().map(|rule| rule.name.as_str()).collect();
    assert_eq!(names, ["zebra", "ape", "PBX"]);
    assert_eq!((&rules[0].kind, &rules[1].kind), (&FeatureKind::Switch, &FeatureKind::Count));
}

#[test]
fn a_model_with_a_free_feature_supports_it() {
    let text = format!(
        "{HEAD}{MODELS}[product.feature.x]\nkind = 'switch'\nmodels = {{ IP24 = true }}\nfree-on = ['IP800']\n"
    );
    let catalog = read(&text).unwrap();
    let rule = &catalog.products[0].features[0];
    assert_eq!((rule.limit_on(Some("IP800")), rule.limit_on(None)), (Limit::Any, Limit::Never));
}

#[test]
fn faults_of_the_whole_file() {
    for (text, place, words) in [
        ("vendor = 'ACME'", "-: [product]", "missing"),
        ("product = []", "1: [product]", "at least one product"),
        ("[product]\nid = 'pbx'", "1: [product]", "[[product]]"),
        ("vendor = 'ACME'\nproduct = [", "2:", ""),
        ("# one\nvendor = ACME", "2:", "quoted"),
        ("vendor = 'a'\nvendor = 'b'", "2:", "`vendor` is here twice"),
    ] {
        assert_faults(text, &[(place, words)]);
    }
    let marked = read("\u{feff}vender = 'a'\nproduct = []").unwrap_err();
    assert_eq!(marked[0].place(), Some("line 1, column 1, field `vender`"));
    let one = |bytes: &[u8]| read_catalog(bytes).unwrap_err()[0].clone();
    assert_eq!(one(b" \n").reason(), Reason::Empty);
    assert_eq!(one(b"PK\x03\x04").reason(), Reason::NotText);
    assert_eq!(one(&vec![b'#'; limits::CATALOG_FILE as usize + 1]).reason(), Reason::TooLarge);
    let latin1 = one(b"# one\nvendor = 'M\xfcller'");
    assert_eq!(latin1.place(), Some("line 2, column 12"));
}

#[test]
fn limits_hold() {
    let many = |count: usize, one: fn(usize) -> String| (0..count).map(one).collect::<String>();
    let features =
        |count| format!("{HEAD}[product.feature]\n{}", many(count, |n| format!("f{n} = 'count'\n")));
    assert_faults(&features(256), &[]);
    assert_faults(&features(257), &[("4: [product[pbx].feature]", "257 features, more than 256")]);
    let models = |count| {
        format!(
            "{HEAD}{}[product.feature]\nx = 'count'\n",
            many(count, |n| format!("[[product.model]]\nid = 'm{n}'\n"))
        )
    };
    assert_faults(&models(limits::CATALOG_MODELS as usize), &[]);
    assert_faults(
        &models(limits::CATALOG_MODELS as usize + 1),
        &[("4: [product[pbx].model]", "more than 1024")],
    );
    let product = |n| format!("[[product]]\nid = 'p{n}'\nlock = ['mac']\nfeature = {{ x = 'count' }}\n");
    assert_faults(&many(limits::CATALOG_PRODUCTS as usize, product), &[]);
    assert_faults(
        &many(limits::CATALOG_PRODUCTS as usize + 1, product),
        &[("1: [product]", "more than 256")],
    );
    let unknown = format!("{}{HEAD}feature = {{ x = 'count' }}\n", many(1002, |n| format!("x{n} = 1\n")));
    let errors = read(&unknown).unwrap_err();
    assert_eq!((errors.len(), errors[1000].message()), (1001, "2 more faults"));
}

#[test]
fn all_faults_come_in_the_order_of_the_file() {
    let text = "vender = 'ACME'\n\n[[product]]\nid = 'PBX'\nlok = ['mac']\ngrace-days = 'x'\n[product.mac]\nspeling = 'bare'\n\
                [product.feature]\nx = { kind = 'count', requires = ['y'] }\n[[product]]\nid = 'b'\n";
    assert_faults(
        text,
        &[
            ("1: [vender]", "did you mean `vendor`?"),
            ("4: [product[#1].id]", "a-z"),
            ("5: [product[#1].lok]", "did you mean `lock`?"),
            ("6: [product[#1].grace-days]", "a whole number"),
            ("8: [product[#1].mac.speling]", "did you mean `spelling`?"),
            ("10: [product[#1].feature.x.requires]", "there is no feature `y`"),
            ("11: [product[b].lock]", "missing"),
            ("11: [product[b].feature]", "missing"),
        ],
    );
    let error = &read(text).unwrap_err()[5];
    assert_eq!(error.place(), Some("line 10, column 35, field `product[#1].feature.x.requires`"));
}

proptest! {
    /// Any catalog is read or refused, and every fault has a place.
    #[test]
    fn no_catalog_stops_the_reader(lines in prop::collection::vec(prop::sample::select(LINES.to_vec()), 0..40)) {
        for error in read(&lines.join("\n")).err().unwrap_or_default() {
            prop_assert!(error.place().is_some() || error.reason() == Reason::Empty, "{}", error);
            prop_assert_ne!(error.reason(), Reason::BadField);
        }
    }

    /// A sample with some bytes changed is read or refused.
    #[test]
    fn no_damaged_catalog_stops_the_reader(
        name in prop::sample::select(vec!["audium", "innovaphone", "openscape", "polycom"]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let path = format!("{}/samples/catalog-{name}.toml", repository().display());
        let mut bytes = std::fs::read(path).unwrap();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Err(errors) = read_catalog(&bytes) {
            prop_assert!(!errors.is_empty());
        }
    }
}

/// Lines for random catalogs, correct and incorrect.
const LINES: [&str; 40] = [
    "vendor = 'ACME'",
    "[[product]]",
    "[[product]]",
    "[[product]]",
    "id = 'pbx'",
    "id = 'IP24'",
    "id = 3",
    "lock = ['mac', 'site']",
    "lock = ['fingerprint']",
    "versions = ['1']",
    "transferable = false",
    "grace-days = 5",
    "[product.mac]",
    "prefix = ['00-90-33']",
    "spelling = 'bare'",
    "[product.fingerprint]",
    "required = ['os']",
    "optional = ['nic', 'disk']",
    "minimum = 1",
    "[product.evaluation]",
    "days = 90",
    "features = { a = 3, b = true, c = 15 }",
    "[[product.model]]",
    "[[product.model]]",
    "mac = ['00-90-33-0']",
    "[product.feature]",
    "b = 'switch'",
    "x = 'count'",
    "[product.feature.a]",
    "[product.feature.c]",
    "kind = 'count'",
    "kind = 'level'",
    "kind = 'switch'",
    "base = [15, 30]",
    "upgrade = ['30@15', '15@30', '60@40']",
    "models = { IP24 = 3, pbx = true }",
    "free-on = ['IP24']",
    "requires = ['a', 'b']",
    "bounded-by = 'c'",
    "bounded-by = 'a'",
];
