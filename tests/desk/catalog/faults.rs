//! The faults of a product, its lock, its features and its trial license.

use super::{HEAD, MODELS, assert_faults};

/// Faults in line 4, in the first table of a product.
#[test]
fn faults_of_a_product() {
    let with = |line: &str| {
        format!(
            "[[product]]\nid = 'pbx'\nlock = ['fingerprint', 'mac']\n{line}\n[product.feature]\nx = 'switch'\n"
        )
    };
    for (line, place, words) in [
        ("trasferable = true", "4: [product[pbx].trasferable]", "did you mean `transferable`?"),
        ("grace_days = 3", "4: [product[pbx].grace_days]", "did you mean `grace-days`?"),
        ("grace-days = '3'", "4: [product[pbx].grace-days]", "from 0 to 3660 belongs here, not string `'3'`"),
        ("grace-days = 3661", "4: [product[pbx].grace-days]", "integer `3661`"),
        ("activation-days = -1", "4: [product[pbx].activation-days]", "integer `-1`"),
        ("transferable = 'yes'", "4: [product[pbx].transferable]", "true or false"),
        ("versions = '6.0'", "4: [product[pbx].versions]", "an array belongs here, not string"),
        ("versions = ['6.0', '6.0']", "4: [product[pbx].versions]", "twice"),
        ("name = ''", "4: [product[pbx].name]", "empty"),
        ("mac.spelling = 'hyphen'", "4: [product[pbx].mac.spelling]", "did you mean `hyphens`?"),
        ("mac.prefix = ['00-90-3g']", "4: [product[pbx].mac.prefix]", "is not a MAC prefix"),
        ("mac.prefix = ['02-90-33']", "4: [product[pbx].mac.prefix]", "refused without `allow-local = true`"),
        ("mac.prefix = ['01-00-5e']", "4: [product[pbx].mac.prefix]", "multicast"),
        ("mac.prefix = ['009033', '00-90-33']", "4: [product[pbx].mac.prefix]", "twice"),
        ("fingerprint.minimum = 2", "4: [product[pbx].fingerprint.minimum]", "which is empty"),
        (
            "fingerprint.optional = ['nic', 'dsk']",
            "4: [product[pbx].fingerprint.optional]",
            "`dsk` is no component",
        ),
        ("fingerprint.required = ['nic', 'nic']", "4: [product[pbx].fingerprint.required]", "twice"),
        ("fingerprint.optional = ['nic']", "4: [product[pbx].fingerprint]", "nothing would have to match"),
        (
            "fingerprint = { optional = ['nic'], minimum = 0 }",
            "4: [product[pbx].fingerprint.minimum]",
            "match",
        ),
        (
            "fingerprint = { optional = ['nic'], minimum = 2 }",
            "4: [product[pbx].fingerprint.minimum]",
            "can never match",
        ),
        (
            "fingerprint.grace-days = 1",
            "4: [product[pbx].fingerprint.grace-days]",
            "above the product's first [table]",
        ),
        ("model = [{ id = 'IP 800' }]", "4: [product[pbx].model[#1].id]", "A-Z a-z 0-9"),
        ("model = [{ name = 'x' }]", "4: [product[pbx].model[#1].id]", "`id` is missing"),
        ("model = [{ id = 'a' }, { id = 'a' }]", "4: [product[pbx].model[#2].id]", "already a model `a`"),
        ("model = [{ id = 'ip8' }, { id = 'IP8' }]", "4: [product[pbx].model[#2].id]", "only in case"),
        (
            "model = [{ id = 'a', mac = ['00-90-3'] }]",
            "4: [product[pbx].model[a].mac]",
            "6, 7 or 9 digits, not 5",
        ),
        ("model = [{ id = 'a', mac = ['00-90-33-00'] }]", "4: [product[pbx].model[a].mac]", "not 8"),
        (
            "model = [{ id = 'a', mac = ['00-90-33'] }, { id = 'b', mac = ['009033'] }]",
            "4: [product[pbx].model[b].mac]",
            "model `a` has the same MAC prefix",
        ),
        (
            "mac.prefix = ['00-90-34']\nmodel = [{ id = 'a', mac = ['00-90-33'] }]",
            "5: [product[pbx].model[a].mac]",
            "accepts no such MAC",
        ),
        ("[product.model]\nid = 'a'", "4: [product[pbx].model]", "[[product.model]]"),
        ("feature2 = 1", "4: [product[pbx].feature2]", "did you mean `feature`?"),
    ] {
        assert_faults(&with(line), &[(place, words)]);
    }
}

#[test]
fn an_advisory_product_has_no_days_after_which_it_stops() {
    let with = |lines: &str| {
        format!("[[product]]\nid = 'pbx'\nlock = ['mac']\n{lines}\n[product.feature]\nx = 'switch'\n")
    };
    for (lines, place, words) in [
        ("enforcement = 'soft'", "4: [product[pbx].enforcement]", "`strict` or `advisory` belongs here"),
        (
            "drift-days = 14\nenforcement = 'advisory'",
            "5: [product[pbx].enforcement]",
            "it has no `grace-days` and no `drift-days`",
        ),
        (
            "enforcement = 'advisory'\ngrace-days = 14",
            "4: [product[pbx].enforcement]",
            "it has no `grace-days` and no `drift-days`",
        ),
    ] {
        assert_faults(&with(lines), &[(place, words)]);
    }
}

#[test]
fn faults_of_id_and_lock() {
    let with = |head: &str| format!("[[product]]\n{head}\n[product.feature]\nx = 'switch'\n");
    for (head, place, words) in [
        ("lock = ['mac']", "1: [product[#1].id]", "`id` is missing"),
        ("id = '../pbx'\nlock = ['mac']", "2: [product[#1].id]", "a-z 0-9 . _ -"),
        ("id = ''\nlock = ['mac']", "2: [product[#1].id]", "empty"),
        ("id = 'aux.txt'\nlock = ['mac']", "2: [product[#1].id]", "Windows has no files named `aux.txt`"),
        ("id = 'nul'\nlock = ['mac']", "2: [product[#1].id]", "Windows has no files"),
        ("id = 'com1'\nlock = ['mac']", "2: [product[#1].id]", "Windows has no files"),
        ("idd = 'pbx'\nlock = ['mac']", "2: [product[#1].idd]", "did you mean `id`?"),
        ("id = 'pbx'", "1: [product[pbx].lock]", "`lock` is missing"),
        ("id = 'pbx'\nlock = []", "3: [product[pbx].lock]", "at least one kind of lock"),
        (
            "id = 'pbx'\nlock = ['mac', 'fingerprnt']\nfingerprint.allow-weak = true",
            "3: [product[pbx].lock]",
            "did you mean `fingerprint`?",
        ),
        (
            "id = 'pbx'\nlock = ['site']\n[product.mac]\nallow-local = true",
            "4: [product[pbx].mac]",
            "without `mac` in `lock`",
        ),
        (
            "id = 'pbx'\nlock = ['mac']\n[product.fingerprint]\nallow-weak = true",
            "4: [product[pbx].fingerprint]",
            "without `fingerprint` or `locking-id` in `lock`",
        ),
    ] {
        assert_faults(&with(head), &[(place, words)]);
    }
    let two = format!("{}{}", with("id = 'pbx'\nlock = ['mac']"), with("id = 'pbx'\nlock = ['mac']"));
    assert_faults(&two, &[("7: [product[#2].id]", "already a product `pbx`")]);
    assert_faults("[[product]]\nid = 'pbx'\nlock = ['mac']\n", &[("1: [product[pbx].feature]", "missing")]);
    assert_faults(
        "[[product]]\nid = 'pbx'\nlock = ['mac']\nfeature = {}\n",
        &[("4: [product[pbx].feature]", "at least one")],
    );
}

#[test]
fn faults_of_a_feature() {
    for (line, field, words) in [
        ("x = 'swich'", "x", "did you mean `switch`?"),
        ("x = 'number'", "x", "switch (on or off)"),
        ("x = 'level'", "x", "a level needs a table"),
        ("x = true", "x", "a table belongs here, not boolean `true`"),
        ("x = {}", "x.kind", "missing"),
        ("x = { kind = 'count', limit = 3 }", "x.limit", "there are kind, maximum"),
        ("x = { kind = 'count', require = ['S'] }", "x.require", "did you mean `requires`?"),
        ("'a b' = 'count'", "a b", "U+0020"),
        ("x = { kind = 'count', maximum = 0 }", "x.maximum", "from 1 to"),
        ("x = { kind = 'switch', maximum = 1 }", "x.maximum", "no `maximum`"),
        ("x = { kind = 'count', models = { IP80 = 1 } }", "x.models.IP80", "did you mean `IP800`?"),
        ("x = { kind = 'count', models = { IP24 = 0 } }", "x.models.IP24", "from 1 to"),
        ("x = { kind = 'count', models = { IP24 = '3' } }", "x.models.IP24", "a whole number, true or false"),
        ("x = { kind = 'switch', models = { IP24 = 3 } }", "x.models.IP24", "true or false"),
        (
            "x = { kind = 'count', maximum = 3, models = { IP24 = 4 } }",
            "x.models.IP24",
            "more than `maximum`",
        ),
        ("x = { kind = 'count', models = {} }", "x.models", "no model would support it"),
        ("x = { kind = 'switch', free-on = ['ip24'] }", "x.free-on", "did you mean `IP24`?"),
        ("x = { kind = 'count', free-on = ['IP24'] }", "x.free-on", "is for switches"),
        (
            "x = { kind = 'switch', models = { IP24 = false }, free-on = ['IP24'] }",
            "x.free-on",
            "doesn't support it",
        ),
        (
            "x = { kind = 'count', requires = ['T'] }",
            "x.requires",
            "there is no feature `T`; there are x, S, C, L",
        ),
        (
            "voicemail = { kind = 'count', requires = ['voicemial'] }",
            "voicemail.requires",
            "did you mean `voicemail`?",
        ),
        ("x = { kind = 'count', requires = ['S', 'S'] }", "x.requires", "twice"),
        ("x = { kind = 'count', requires = ['x'] }", "x.requires", "require itself"),
        ("x = { kind = 'count', bounded-by = 'x' }", "x.bounded-by", "bound itself"),
        ("x = { kind = 'count', bounded-by = 'S' }", "x.bounded-by", "`S` is a switch"),
        ("x = { kind = 'count', bounded-by = 'c' }", "x.bounded-by", "did you mean `C`?"),
        ("x = { kind = 'switch', bounded-by = 'C' }", "x.bounded-by", "no amount"),
        ("x = { kind = 'count', base = [1] }", "x.base", "`base` is for levels"),
    ] {
        assert_feature_fault(line, field, words);
    }
}

#[test]
fn faults_of_a_level() {
    for (line, field, words) in [
        ("x = { kind = 'level' }", "x.base", "missing"),
        ("x = { kind = 'level', base = [] }", "x.base", "at least one base"),
        ("x = { kind = 'level', base = [0, 15] }", "x.base", "from 1 to"),
        (
            "x = { kind = 'level', base = [15], not-twice = true }",
            "x.not-twice",
            "a unit never takes a base level twice",
        ),
        (
            "x = { kind = 'level', base = [15], upgrade = ['30@20'] }",
            "x.upgrade",
            "no unit can be at level 20",
        ),
        ("x = { kind = 'level', base = [15], upgrade = ['15@30'] }", "x.upgrade", "did you mean `30@15`?"),
        ("x = { kind = 'level', base = [15], upgrade = ['15@15'] }", "x.upgrade", "has to lead up"),
        ("x = { kind = 'level', base = [15], upgrade = ['30-15'] }", "x.upgrade", "write \"30@15\""),
        ("x = { kind = 'level', base = [15], upgrade = ['030@15'] }", "x.upgrade", "write \"30@15\""),
        ("'x#1' = { kind = 'level', base = [15] }", "x#1", "the name of a level can't contain"),
        ("'x@1' = { kind = 'level', base = [15] }", "x@1", "separate the parts of its articles: `x#30@15`"),
        ("'L#15' = 'switch'", "L#15", "already the name of an article"),
    ] {
        assert_feature_fault(line, field, words);
    }
}

/// One fault in `line` of `[product.feature]`, line 9, beside a level, a count and a switch.
#[track_caller]
fn assert_feature_fault(line: &str, field: &str, words: &str) {
    let text = format!(
        "{HEAD}{MODELS}[product.feature]\n{line}\nS = 'switch'\nC = 'count'\nL = {{ kind = 'level', base = [15] }}\n"
    );
    assert_faults(&text, &[(&format!("9: [product[pbx].feature.{field}]"), words)]);
}

#[test]
fn equal_and_long_names_are_faults() {
    let field = |name: &str, key: &str| format!("9: [product[pbx].feature.{name}{key}]");
    let equal = format!("{HEAD}{MODELS}[product.feature]\ns = 'count'\nS = 'count'\n");
    assert_faults(&equal, &[("10: [product[pbx].feature.S]", "differs from feature `s` only in case")]);
    let name = "n".repeat(62);
    let level = |rest: &str| {
        format!("{HEAD}{MODELS}[product.feature]\n{name} = {{ kind = 'level', base = [1], {rest} }}\n")
    };
    assert_faults(&level(""), &[]);
    assert_faults(&level("upgrade = ['2@1']"), &[(&field(&name, ".upgrade"), "66 characters, more than 64")]);
}

#[test]
fn each_cycle_is_one_fault() {
    let bounded = |name: &str, by: &str| format!("{name} = {{ kind = 'count', bounded-by = '{by}' }}\n");
    let features: String =
        [("z", "a"), ("a", "b"), ("b", "c"), ("c", "a"), ("d", "e"), ("e", "d"), ("f", "g")]
            .iter()
            .map(|(name, by)| bounded(name, by))
            .collect();
    assert_faults(
        &format!("{HEAD}{MODELS}[product.feature]\n{features}g = 'count'\n"),
        &[
            (
                "10: [product[pbx].feature.a.bounded-by]",
                "`a` is bounded by `b`, that by `c`, and that by `a`",
            ),
            ("13: [product[pbx].feature.d.bounded-by]", "`d` is bounded by `e`, and that by `d`"),
        ],
    );
}

/// Faults of a trial license in line 4.
#[test]
fn faults_of_an_evaluation() {
    const FEATURES: &str = "\
[product.feature]
S = 'switch'
C = { kind = 'count', maximum = 10 }
L = { kind = 'level', base = [15], upgrade = ['30@15'] }
M = { kind = 'count', models = { IP24 = 5, IP800 = false } }
B = { kind = 'count', bounded-by = 'C' }
R = { kind = 'switch', requires = ['S', 'C'] }
N = { kind = 'switch', models = { IP24 = false } }
";
    for (line, field, words) in [
        ("days = 0, features = { S = true }", ".days", "from 1 to 3660 belongs here, not integer `0`"),
        ("days = 3661, features = { S = true }", ".days", "from 1 to 3660"),
        ("features = { S = true }", ".days", "missing"),
        ("days = 90", ".features", "missing"),
        ("days = 90, features = {}", ".features", "at least one"),
        ("days = 90, features = { S = 1 }", ".features.S", "true (it is a switch) belongs here"),
        ("days = 90, features = { S = true, SS = true }", ".features.SS", "did you mean `S`?"),
        ("days = 90, features = { C = true }", ".features.C", "a whole number from 1"),
        (
            "days = 90, features = { C = 11 }",
            ".features.C",
            "11 is more than the limit of a unit, which is 10",
        ),
        ("days = 90, features = { M = 6 }", ".features.M", "6 is more than the limit of a unit, which is 5"),
        ("days = 90, features = { L = 20 }", ".features.L", "no level 20; there are 15, 30"),
        ("days = 90, features = { B = 5 }", ".features.B", "contains less of `C`"),
        ("days = 90, features = { B = 5, C = 4 }", ".features.B", "contains less of `C`"),
        ("days = 90, features = { R = true }", ".features.R", "it needs `S` or `C`"),
        ("days = 90, features = { N = true }", ".features.N", "no model supports it"),
        ("days = 90, term = '1 year', features = { S = true }", ".term", "there are days, features"),
        ("days = 90, features = { R = true, B = 5, C = 5, L = 30, M = 5 }", "", ""),
    ] {
        let text = format!("{HEAD}evaluation = {{ {line} }}\n{MODELS}{FEATURES}");
        let place = format!("4: [product[pbx].evaluation{field}]");
        let wanted: &[(&str, &str)] = if words.is_empty() { &[] } else { &[(&place, words)] };
        assert_faults(&text, wanted);
    }
}

#[test]
fn a_locally_administered_prefix_needs_a_rule_that_takes_it() {
    let product =
        "[[product]]\nid = 'pbx'\nlock = ['mac']\nmac = { prefix = ['02-90-33'], allow-local = true }\n";
    assert_faults(&format!("{product}[product.feature]\nx = 'switch'\n"), &[]);
}
