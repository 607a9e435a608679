//! A grant file: what a vendor is ready to give, written by a person.

use crate::model::{
    ComponentKind, Features, Grant, GrantEnd, GrantLock, GrantTerm, MacRule, Reason, Result, Spelling, Time,
    Tolerance, Trouble,
};

use super::fields::Fields;
use super::wire;

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

/// Reads a grant.
///
/// # Errors
/// `bad-grant` names line or field; `bad-time`, `weak-lock` and `bad-field` name the field.
///
/// ```
/// let grant = airlatch::format::read_grant(b"product = 'pbx'\npermanent = true\n[features]\nvoicemail = true\n")?;
/// assert_eq!(grant.features.to_string(), "voicemail");
/// # Ok::<(), airlatch::model::Trouble>(())
/// ```
pub fn read_grant(bytes: &[u8]) -> Result<Grant> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut fields = Fields::parse(bytes, Reason::BadGrant)?;
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
        return Err(fields.bad("features", "a grant gives at least one feature"));
    }
    fields.nothing_else(TOP)?;
    Ok(grant)
}

fn term(fields: &mut Fields) -> Result<GrantTerm> {
    let from = fields.time_or_date("from")?.map(|(time, _)| time);
    let until = fields.time_or_date("until")?.map(|(time, date)| if date { time.end_of_day() } else { time });
    let length = fields.text("term")?;
    let end = match (until, length, fields.flag("permanent")?) {
        (Some(end), None, false) => GrantEnd::Until(end),
        (None, Some(length), false) => {
            // Whether it is a length at all shows from any beginning.
            Time::from_seconds(0).plus_span(&length).map_err(|trouble| trouble.at("field `term`"))?;
            GrantEnd::For(length)
        }
        (None, None, true) => GrantEnd::Permanent,
        (None, None, false) => {
            return Err(
                fields.bad("term", "how long? one of `until`, `term` or `permanent = true` has to be there")
            );
        }
        _ => return Err(fields.bad("term", "only one of `until`, `term` and `permanent` can be there")),
    };
    Ok(GrantTerm { from, end })
}

fn lock(mut fields: Fields) -> Result<GrantLock> {
    let required: Vec<ComponentKind> = fields.list("required")?;
    let optional: Vec<ComponentKind> = fields.list("optional")?;
    let minimum = fields.number("minimum")?;
    if minimum.is_some_and(|minimum| minimum > 0) && optional.is_empty() {
        return Err(fields.bad("minimum", "of which components? list them under `optional`"));
    }
    let tolerance = match (required.is_empty() && optional.is_empty(), minimum) {
        (true, None) => None,
        (_, minimum) => Some(Tolerance::new(required, optional, minimum.unwrap_or(0))?),
    };
    let lock = GrantLock {
        tolerance,
        system_id_only: fields.flag("system-id-only")?,
        allow_weak: fields.flag("allow-weak")?,
    };
    if lock.system_id_only && lock.tolerance.is_some() {
        return Err(fields.bad("system-id-only", "a tolerance for components means nothing beside it"));
    }
    fields.nothing_else(&["required", "optional", "minimum", "system-id-only", "allow-weak"])?;
    Ok(lock)
}

fn mac(mut fields: Fields) -> Result<MacRule> {
    let prefixes: Vec<wire::Text> = fields.list("prefix")?;
    let prefix = |wire::Text(text): wire::Text| {
        let digits: String = text.chars().filter(|c| !matches!(c, ':' | '-' | '.')).collect();
        let usable = (1..=12).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit());
        if usable {
            Ok(digits.to_lowercase())
        } else {
            Err(Trouble::new(Reason::BadGrant, format!("`{text}` is no beginning of a MAC")))
        }
    };
    let prefixes =
        prefixes.into_iter().map(prefix).collect::<Result<_>>().map_err(|e| e.at("field `mac.prefix`"))?;
    let spelling = match fields.text("spelling")? {
        None => None,
        Some(word) => Some(Spelling::ALL.into_iter().find(|s| s.word() == word).ok_or_else(|| {
            let words = Spelling::ALL.map(Spelling::word).join(", ");
            fields.bad("spelling", format!("`{word}` is no spelling; there are {words}"))
        })?),
    };
    let rule = MacRule { prefixes, spelling, allow_local: fields.flag("allow-local")? };
    fields.nothing_else(&["prefix", "spelling", "allow-local"])?;
    Ok(rule)
}
