//! Licenses, requests, hosts and verdicts in words and in JSON, the same wherever they are shown.

use serde_json::{Map, Value, json};

use airlatch_core::format::Repair;
use airlatch_core::host::Together;
use airlatch_core::model::{
    Allowed, Comparison, ComponentKind, FeatureName, Features, HostClass, HostFacts, License, Lock, Period,
    Profile, Quantity, Request, Seen, Time,
};
use airlatch_core::rules::Held;
use airlatch_desk::catalog::{Grant, GrantEnd};

/// How much a lock to these components is worth. What a virtual host shows can be set, so it is never strong.
pub(super) fn strength(kinds: &[ComponentKind]) -> &'static str {
    let given = [ComponentKind::System, ComponentKind::Instance].iter().any(|kind| kinds.contains(kind));
    match (Profile::of(kinds.iter().copied()), kinds.len()) {
        (_, 0) => "none",
        (_, 1) => "weak",
        (Profile::Hardware, 2) => "fair",
        (Profile::Hardware, _) => "strong",
        (Profile::Virtual, _) if given => "fair",
        (Profile::Virtual, _) => "weak",
    }
}

/// What a host seems to be, with the evidence.
pub(super) fn class(class: &HostClass) -> String {
    match class.evidence() {
        Some(evidence) => format!("{} ({evidence})", class.word()),
        None => class.word().to_owned(),
    }
}

/// By what a host is told from others.
pub(super) fn profile(facts: &HostFacts) -> String {
    let profile = facts.profile();
    match profile {
        Profile::Hardware => format!("{profile}: it is told from others by its parts"),
        Profile::Virtual => format!("{profile}: it is told from others by how host and network are set"),
    }
}

/// A line for each component of its profile: there, or why not.
pub(super) fn components(facts: &HostFacts) -> Vec<String> {
    let line = |kind: ComponentKind| match facts.components.get(kind).len() {
        0 => format!("  {:<9} absent: {}", kind.word(), absence(facts, kind)),
        1 => format!("  {:<9} present", kind.word()),
        n => format!("  {:<9} present, {n} of them", kind.word()),
    };
    facts.profile().kinds().into_iter().map(line).collect()
}

pub(super) fn components_json(facts: &HostFacts) -> Value {
    let entry = |kind: ComponentKind| match facts.components.get(kind).len() {
        0 => (kind.word().to_owned(), json!({ "present": false, "why": absence(facts, kind) })),
        n => (kind.word().to_owned(), json!({ "present": true, "count": n })),
    };
    Value::Object(facts.profile().kinds().into_iter().map(entry).collect())
}

fn absence(facts: &HostFacts, kind: ComponentKind) -> String {
    let why = facts.absent.iter().find(|(absent, _)| *absent == kind);
    why.map_or_else(|| "there is none".into(), |(_, why)| why.to_string())
}

/// Said wherever a license is shown that cost nothing.
const UNMETERED: &str = "  unmetered  issued from a grant, not charged to any order in a ledger";

/// What a license says, a line each, product first.
pub(super) fn license(license: &License, now: Time) -> Vec<String> {
    let mut lines = vec![format!("  product    {}", license.title())];
    lines.push(format!("  for        {}", license.lock.whose()));
    let optional = [("number", &license.number), ("customer", &license.customer), ("order", &license.order)];
    lines.extend(
        optional.iter().filter_map(|(label, value)| Some(format!("  {label:<10} {}", value.as_ref()?))),
    );
    lines.extend(license.model.iter().map(|model| format!("  model      {model}")));
    let labels = std::iter::once("features").chain(std::iter::repeat("then"));
    lines.extend(labels.zip(license.timetable()).map(|(label, what)| format!("  {label:<10} {what}")));
    lines.push(format!("  begins     {}", license.term.from));
    lines.push(format!("  ends       {}", end(license, now)));
    if let Some(last) = license.grace_end().filter(|_| license.grace_days > 0) {
        lines.push(format!("  grace      works until {last}"));
    }
    lines.push(format!("  lock       {}", lock(&license.lock)));
    if license.allow != Allowed::default() {
        lines.push(format!("  may run on {}", license.allow));
    }
    if license.drift_days > 0 && matches!(license.lock, Lock::Fingerprint { .. }) {
        lines.push(format!("  drift      works {} days in all on changed hardware", license.drift_days));
    }
    if license.not_transferable {
        lines.push("  transfer   not to another unit".into());
    }
    if let Some(mark) = &license.ledger {
        lines.push(format!("  ledger     after entry {} of {}", mark.number, hex(&mark.ledger)));
    }
    if license.unmetered && license.lock.unit().is_some() {
        lines.push(UNMETERED.into());
    }
    lines.extend(
        license.unknown.iter().map(|(name, value)| format!("  unknown    {name} = {value} (ignored)")),
    );
    lines
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The end of all its periods, with the days that are left.
pub(super) fn end(license: &License, now: Time) -> String {
    match license.end() {
        None => "never".into(),
        Some(until) if until <= now => format!("{until}, over"),
        Some(until) => match now.days_until(until) {
            0 => format!("{until}, less than a day left"),
            1 => format!("{until}, 1 day left"),
            days => format!("{until}, {days} days left"),
        },
    }
}

fn lock(lock: &Lock) -> String {
    match lock {
        Lock::Fingerprint { locking_id, tolerance, .. } => format!("hardware {locking_id}, {tolerance}"),
        Lock::LockingId { tolerance, .. } => format!("hardware as typed, {tolerance}"),
        Lock::SystemId(_) => "System ID".into(),
        Lock::Mac(_) => "MAC".into(),
        Lock::Site(_) => "site serial".into(),
        Lock::Starter(days) => format!("none, for {days} days after the first installation"),
    }
}

pub(super) fn license_json(license: &License) -> Value {
    let (locking_id, tolerance) = match &license.lock {
        Lock::Fingerprint { locking_id, tolerance, .. } | Lock::LockingId { locking_id, tolerance } => {
            (Some(locking_id.to_string()), Some(tolerance))
        }
        _ => (None, None),
    };
    let kinds = |kinds: &std::collections::BTreeSet<ComponentKind>| {
        kinds.iter().map(|k| k.word()).collect::<Vec<_>>()
    };
    json!({
        "product": license.product,
        "version": license.version,
        "unit": license.lock.unit().map(|unit| unit.to_string()),
        "number": license.number,
        "customer": license.customer,
        "order": license.order,
        "unmetered": license.unmetered,
        "request": license.request.map(|id| id.to_string()),
        "issued": license.issued.to_string(),
        "from": license.term.from.to_string(),
        "until": license.term.until.map(|end| end.to_string()),
        "permanent": license.term.until.is_none(),
        "features": features_json(&license.features),
        "after": license.after.iter().map(period_json).collect::<Vec<_>>(),
        "ends": license.end().map(|end| end.to_string()),
        "grace_days": license.grace_days,
        "drift_days": license.drift_days,
        "allow": license.allow.words().collect::<Vec<_>>(),
        "transferable": !license.not_transferable,
        "model": license.model,
        "ledger": license.ledger.map(|mark| json!({
            "id": hex(&mark.ledger),
            "entry": mark.number,
            "head": hex(&mark.hash),
        })),
        "lock": {
            "kind": license.lock.word(),
            "locking_id": locking_id,
            "required": tolerance.map(|t| kinds(t.required())),
            "optional": tolerance.map(|t| kinds(t.optional())),
            "minimum": tolerance.map(|t| t.minimum()),
        },
        "unknown": unknown_json(&license.unknown),
    })
}

fn period_json(period: &Period) -> Value {
    json!({
        "until": period.until.map(|end| end.to_string()),
        "permanent": period.until.is_none(),
        "features": features_json(&period.features),
    })
}

/// What several licenses allow together, in a line.
pub(super) fn together(all: &Together) -> String {
    let one = |(name, held): (&FeatureName, &Held)| {
        let until = |end: Option<Time>| end.map_or("for ever".into(), |end| format!("until {end}"));
        let less = if held.whole == held.until {
            String::new()
        } else {
            format!(", less of it {}", until(held.until))
        };
        format!("{} {}{less}", held.quantity.of(name), until(held.whole))
    };
    let features = all.features.iter().map(one).collect::<Vec<_>>().join("; ");
    format!("{}: {} licenses together: {features}", all.product, all.licenses)
}

pub(super) fn together_json(all: &[Together]) -> Value {
    let feature = |(name, held): (&FeatureName, &Held)| {
        let [whole, until] = [held.whole, held.until].map(|end| end.map(|end| end.to_string()));
        let value = json!({ "quantity": quantity_json(held.quantity), "whole": whole, "until": until });
        (name.to_string(), value)
    };
    let one = |all: &Together| {
        let features: Map<_, _> = all.features.iter().map(feature).collect();
        json!({ "product": all.product, "licenses": all.licenses, "features": features })
    };
    all.iter().map(one).collect()
}

/// What a request says, a line each.
pub(super) fn request(request: &Request) -> Vec<String> {
    let mut lines = vec![format!("  product    {}", request.title())];
    lines.extend(request.model.iter().map(|model| format!("  model      {model}")));
    lines.extend(request.replaces.iter().map(|id| format!("  moves      license {id} to this hardware")));
    if let Some(ask) = request.clock {
        lines.push(format!("  asks       for a reset: it says that {} never was", ask.latest));
    }
    lines.push(format!("  System ID  {}", request.system_id));
    lines.push(format!("  Locking ID {}", request.locking_id));
    if !request.wanted.is_empty() {
        lines.push(format!("  wanted     {}", request.wanted));
    }
    lines.extend(request.codes.iter().map(|code| format!("  code       {code}")));
    lines.extend(request.site.iter().map(|site| format!("  site       {site}")));
    lines.extend(request.note.iter().map(|note| format!("  note       {note}")));
    let kinds: Vec<_> = request.fingerprint.hashes.keys().copied().collect();
    let shown = if kinds.is_empty() {
        "none".into()
    } else {
        let words: Vec<_> = kinds.iter().map(|kind| kind.word()).collect();
        format!("{} ({})", words.join(", "), strength(&kinds))
    };
    lines.push(format!("  components {shown}"));
    lines.push(format!("  host       {}", request.class));
    lines.push(format!("  made       {} by {}", request.made, request.tool));
    lines.extend(
        request.unknown.iter().map(|(name, value)| format!("  unknown    {name} = {value} (ignored)")),
    );
    lines
}

pub(super) fn request_json(request: &Request) -> Value {
    json!({
        "product": request.product,
        "version": request.version,
        "model": request.model,
        "system_id": request.system_id.to_string(),
        "locking_id": request.locking_id.to_string(),
        "wanted": features_json(&request.wanted),
        "codes": request.codes.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "site": request.site.map(|site| site.to_string()),
        "note": request.note,
        "components": request.fingerprint.hashes.keys().map(|kind| kind.word()).collect::<Vec<_>>(),
        "class": request.class,
        "replaces": request.replaces.map(|id| id.to_string()),
        "clock": request.clock.map(|ask| json!({ "latest": ask.latest.to_string() })),
        "made": request.made.to_string(),
        "tool": request.tool,
        "unknown": unknown_json(&request.unknown),
    })
}

/// What a grant gives, a line each.
pub(super) fn grant(grant: &Grant) -> Vec<String> {
    let optional = [("version", &grant.version), ("customer", &grant.customer), ("order", &grant.order)];
    let mut lines: Vec<String> = optional
        .iter()
        .filter_map(|(label, value)| Some(format!("  {label:<10} {}", value.as_ref()?)))
        .collect();
    lines.push(format!("  features   {}", grant.features));
    lines.extend(grant.term.from.iter().map(|from| format!("  begins     {from}")));
    lines.push(format!("  ends       {}", grant_end(grant)));
    let lock = match &grant.lock.tolerance {
        _ if grant.lock.system_id_only => "System ID".to_owned(),
        Some(tolerance) => tolerance.to_string(),
        None => "what is usual for the kind of host".to_owned(),
    };
    let weak = if grant.lock.allow_weak { "; the System ID for hosts that show too few" } else { "" };
    lines.push(format!("  lock       {lock}{weak}"));
    lines.push(format!("  may run on {}", grant.lock.allow));
    if grant.lock.drift_days > 0 {
        lines.push(format!("  drift      works {} days in all on changed hardware", grant.lock.drift_days));
    }
    lines.push(UNMETERED.into());
    if !grant.mac.prefixes.is_empty() {
        lines.push(format!("  MACs       only {}", grant.mac.prefixes.join(", ")));
    }
    lines
}

fn grant_end(grant: &Grant) -> String {
    match &grant.term.end {
        GrantEnd::Permanent => "never".into(),
        GrantEnd::Until(end) => end.to_string(),
        GrantEnd::For(length) => format!("{length} from its beginning"),
    }
}

pub(super) fn grant_json(grant: &Grant) -> Value {
    json!({
        "is": "grant",
        "product": grant.product,
        "version": grant.version,
        "customer": grant.customer,
        "order": grant.order,
        "unmetered": true,
        "features": features_json(&grant.features),
        "from": grant.term.from.map(|from| from.to_string()),
        "end": grant_end(grant),
        "system_id_only": grant.lock.system_id_only,
        "allow_weak": grant.lock.allow_weak,
        "allow": grant.lock.allow.words().collect::<Vec<_>>(),
        "drift_days": grant.lock.drift_days,
        "tolerance": grant.lock.tolerance.as_ref().map(ToString::to_string),
        "mac_prefixes": grant.mac.prefixes,
    })
}

pub(super) fn features_json(features: &Features) -> Value {
    let entry = |(name, quantity): (&FeatureName, Quantity)| (name.to_string(), quantity_json(quantity));
    Value::Object(features.iter().map(entry).collect::<Map<_, _>>())
}

fn quantity_json(quantity: Quantity) -> Value {
    match quantity {
        Quantity::On => json!(true),
        Quantity::Count(number) => json!(number),
    }
}

fn unknown_json(unknown: &[(String, String)]) -> Value {
    Value::Object(unknown.iter().map(|(name, value)| (name.clone(), json!(value))).collect())
}

/// How the components compared, in a line; empty where none plays a part.
pub(super) fn comparison(rows: &[Comparison]) -> String {
    let word = |seen| match seen {
        Seen::Same => "same",
        Seen::Changed => "changed",
        Seen::AbsentHere => "not shown here",
        Seen::AbsentThen => "new",
    };
    let one = |row: &Comparison| format!("{} {}", row.kind.word(), word(row.seen));
    rows.iter().map(one).collect::<Vec<_>>().join(", ")
}

pub(super) fn comparison_json(rows: &[Comparison]) -> Value {
    let word = |seen| match seen {
        Seen::Same => "same",
        Seen::Changed => "changed",
        Seen::AbsentHere => "absent-here",
        Seen::AbsentThen => "absent-then",
    };
    Value::Object(rows.iter().map(|row| (row.kind.word().to_owned(), json!(word(row.seen)))).collect())
}

pub(super) fn repairs_json(repairs: &[Repair]) -> Value {
    repairs.iter().map(|repair| json!({ "repair": repair.word(), "message": repair.to_string() })).collect()
}
