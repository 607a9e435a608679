//! Reads a grant file, the TOML that a person writes.

use crate::catalog::{Grant, GrantEnd, GrantLock, GrantTerm, MacRule};
use airlatch_core::model::text::without_bom;
use airlatch_core::model::{
    AllowedClasses, ComponentKind, Error, Features, MAX_GRACE_DAYS, Reason, Result, Spelling, Tolerance,
    length,
};

use airlatch_core::format::fields::Fields;
use airlatch_core::format::wire;

use super::mac_prefix::{mac_prefix, never_accepted};

const TOP: &[&str] = &[
    "product",
    "version",
    "customer",
    "order",
    "from",
    "until",
    "term",
    "permanent",
    "features",
    "lock",
    "mac",
];

/// Reads a grant file.
///
/// # Errors
/// `bad-grant` with line or field; `bad-time`, `weak-lock` and `bad-field` with the field.
///
/// ```
/// let grant = airlatch_desk::catalog::read_grant(b"product = 'pbx'\npermanent = true\n[features]\nvoicemail = true\n")?;
/// assert_eq!(grant.features.to_string(), "voicemail");
/// # Ok::<(), airlatch_core::model::Error>(())
/// ```
pub fn read_grant(bytes: &[u8]) -> Result<Grant> {
    let mut fields = Fields::parse(without_bom(bytes), Reason::BadGrant)?;
    let grant = Grant {
        product: wire::product(&mut fields)?,
        version: fields.text("version")?,
        customer: fields.text("customer")?,
        order: fields.text("order")?,
        term: term(&mut fields)?,
        features: fields.table("features")?.map_or_else(|| Ok(Features::default()), Fields::features)?,
        lock: fields.table("lock")?.map_or_else(|| Ok(GrantLock::default()), lock)?,
        mac: fields.table("mac")?.map_or_else(|| Ok(MacRule::default()), mac)?,
    };
    if grant.features.is_empty() {
        return Err(fields.bad("features", "a grant needs at least one feature"));
    }
    fields.nothing_else(TOP)?;
    Ok(grant)
}

fn term(fields: &mut Fields) -> Result<GrantTerm> {
    let from = fields.time_or_date("from")?.map(|(time, _)| time);
    let until = match fields.time_or_date("until")? {
        Some((day, true)) => Some(day.end_of_day().in_range().map_err(|error| error.at("field `until`"))?),
        Some((time, false)) => Some(time),
        None => None,
    };
    let text = fields.text("term")?;
    let end = match (until, text, fields.flag("permanent")?) {
        (Some(end), None, false) => GrantEnd::Until(end),
        (None, Some(text), false) => {
            length::in_days(&text).map_err(|error| error.at("field `term`"))?;
            GrantEnd::For(text)
        }
        (None, None, true) => GrantEnd::Permanent,
        (None, None, false) => {
            return Err(
                fields.bad("term", "the term is missing: write one of `until`, `term` or `permanent = true`")
            );
        }
        _ => return Err(fields.bad("term", "write only one of `until`, `term` and `permanent`")),
    };
    Ok(GrantTerm { from, end })
}

fn lock(mut fields: Fields) -> Result<GrantLock> {
    let required: Vec<ComponentKind> = fields.list("required")?;
    let optional: Vec<ComponentKind> = fields.list("optional")?;
    let minimum = fields.number("minimum")?;
    if minimum.is_some_and(|minimum| minimum > 0) && optional.is_empty() {
        return Err(fields.bad("minimum", "`minimum` counts the components in `optional`, which is empty"));
    }
    let tolerance = match (required.is_empty() && optional.is_empty(), minimum) {
        (true, None) => None,
        (_, minimum) => Some(Tolerance::new(required, optional, minimum.unwrap_or(0))?),
    };
    let words: Vec<wire::Text> = fields.list("allow")?;
    let mut allow = AllowedClasses::default();
    for wire::Text(word) in words {
        let bad =
            || fields.bad("allow", format!("`{word}` is not a kind of host; there are virtual, container"));
        allow = allow.with(&word).ok_or_else(bad)?;
    }
    let drift_days = fields.number("drift-days")?.unwrap_or(0);
    let within = u32::try_from(drift_days).ok().filter(|days| *days <= MAX_GRACE_DAYS);
    let lock = GrantLock {
        tolerance,
        allow,
        drift_days: within
            .ok_or_else(|| fields.bad("drift-days", format!("at most {MAX_GRACE_DAYS} days")))?,
        system_id_only: fields.flag("system-id-only")?,
        had_allow_weak: fields.flag("allow-weak")?,
        accepts_weak: false,
    };
    if lock.system_id_only && lock.tolerance.is_some() {
        return Err(
            fields.bad("system-id-only", "it can't be combined with `required`, `optional` and `minimum`")
        );
    }
    fields.nothing_else(&[
        "required",
        "optional",
        "minimum",
        "system-id-only",
        "allow-weak",
        "allow",
        "drift-days",
    ])?;
    Ok(lock)
}

fn mac(mut fields: Fields) -> Result<MacRule> {
    let prefixes: Vec<wire::Text> = fields.list("prefix")?;
    let prefix = |wire::Text(text): wire::Text| {
        mac_prefix(&text).ok_or_else(|| Error::new(Reason::BadGrant, format!("`{text}` is not a MAC prefix")))
    };
    let prefixes =
        prefixes.into_iter().map(prefix).collect::<Result<_>>().map_err(|e| e.at("field `mac.prefix`"))?;
    let spelling = match fields.text("spelling")? {
        None => None,
        Some(word) => Some(Spelling::ALL.into_iter().find(|s| s.word() == word).ok_or_else(|| {
            let words = Spelling::ALL.map(Spelling::word).join(", ");
            fields.bad("spelling", format!("`{word}` is not a MAC spelling; there are {words}"))
        })?),
    };
    let rule = MacRule { prefixes, spelling, allow_local: fields.flag("allow-local")? };
    let never = |prefix: &String| never_accepted(prefix, rule.allow_local);
    if let Some(why) = rule.prefixes.iter().find_map(never) {
        return Err(fields.bad("prefix", why));
    }
    fields.nothing_else(&["prefix", "spelling", "allow-local"])?;
    Ok(rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "product = 'pbx'\npermanent = true\nfeatures = { x = 1 }\n";
    const HEAD: &str = "product = 'pbx'\npermanent = true\n";

    #[track_caller]
    fn assert_says(text: &str, reason: &str, place: &str, words: &str) {
        let error = read_grant(text.as_bytes()).unwrap_err();
        assert_eq!(error.reason().word(), reason, "{text}: {error}");
        assert!(error.place().unwrap().starts_with(place), "{text}: {error}");
        assert!(error.message().contains(words), "{text}: {error}");
    }

    #[test]
    fn missing_and_mistyped_fields() {
        for (text, place, words) in [
            ("", "field `product`", "missing"),
            ("product = 'PBX'", "field `product`", "a-z 0-9"),
            ("product = 3", "field `product`", "a text in quotes belongs here, not integer `3`"),
            ("product = ''", "field `product`", "empty"),
            ("product = \"pbx", "line 1, column", ""),
            (HEAD, "field `features`", "at least one"),
            ("product = 'pbx'\n[features]\nx = 1", "field `term`", "the term is missing"),
        ] {
            assert_says(text, "bad-grant", place, words);
        }
    }

    #[test]
    fn wrong_fields_of_the_top_table() {
        for (line, reason, place, words) in [
            ("term = '1 year'", "bad-grant", "field `term`", "only one of"),
            ("until = 2027-06-30", "bad-grant", "field `term`", "only one of"),
            ("from = 2027-02-30", "bad-grant", "line 1, column", ""),
            ("from = '2027-02-30'", "bad-time", "field `from`", "not a date"),
            ("from = 2027-01-01T00:00:00+01:00", "bad-time", "field `from`", "not a time"),
            ("from = 2027", "bad-grant", "field `from`", "a date or time belongs here"),
            ("Customer = 'x'", "bad-grant", "field `Customer`", "did you mean `customer`?"),
            ("costomer = 'x'", "bad-grant", "field `costomer`", "did you mean `customer`?"),
            ("seats = 3", "bad-grant", "field `seats`", "there are product, version"),
            ("order = 'a'\norder = 'b'", "bad-grant", "line 2, column 1", "duplicate"),
        ] {
            assert_says(&format!("{line}\n{WHOLE}"), reason, place, words);
        }
    }

    #[test]
    fn wrong_fields_of_inner_tables() {
        for (table, place, words) in [
            ("[lock]\nallow_weak = true", "field `lock.allow_weak`", "did you mean `allow-weak`?"),
            ("[lock]\nallow-weak = 1", "field `lock.allow-weak`", "true or false"),
            ("[mac]\nprefix = '0004f1'", "field `mac.prefix`", "an array"),
            ("[mac]\nprefix = ['0004fz']", "field `mac.prefix`", "not a MAC prefix"),
            ("[mac]\nprefix = ['0004f1144bd40']", "field `mac.prefix`", "not a MAC prefix"),
            ("[mac]\nspelling = 'dashes'", "field `mac.spelling`", "there are colons"),
            ("[mac]\nprefix = ['02-90-33']", "field `mac.prefix`", "locally administered"),
        ] {
            assert_says(&format!("{WHOLE}{table}"), "bad-grant", place, words);
        }
        for (feature, place, words) in [
            ("x = 0", "field `features.x`", "must be 1 to"),
            ("x = -1", "field `features.x`", "must be 1 to"),
            ("x = 1.0", "field `features.x`", "float"),
            ("x = false", "field `features.x`", "boolean"),
            ("'a b' = 1", "field `features.a b`", "U+0020"),
        ] {
            assert_says(&format!("{HEAD}[features]\n{feature}"), "bad-grant", place, words);
        }
    }

    #[test]
    fn invalid_utf8_is_reported_by_byte() {
        let error = read_grant(b"product = 'pb\xff'").unwrap_err();
        assert_eq!((error.reason(), error.place()), (Reason::BadGrant, Some("byte 14")));
    }

    #[test]
    fn prefixes_in_any_spelling_and_a_byte_order_mark() {
        let text = "\u{feff}product = 'pbx'\npermanent = true\n[features]\nx = 9007199254740991\n[mac]\nprefix = ['00:04:F1', '00-04-f', '0004.f114.4bd4']\n";
        let grant = read_grant(text.as_bytes()).unwrap();
        assert_eq!(grant.mac.prefixes, ["0004f1", "0004f", "0004f1144bd4"]);
        assert_eq!(grant.features.to_string(), "x 9007199254740991");
    }
}
